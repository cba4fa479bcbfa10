"""Only what setup.cfg cannot say: the kernel is compiled where a C compiler is found.

Without a compiler the build goes on (``optional``), and the same results come from
``civictag.text.pure_tokenizer``, more slowly. The stable interface is used, so that one wheel a platform
serves Python 3.11 and all later ones.
"""

import sysconfig
from glob import glob

from setuptools import Extension, setup

# A free-threaded Python has no stable interface before 3.15.
STABLE = not sysconfig.get_config_var("Py_GIL_DISABLED")

setup(
    ext_modules=[
        Extension(
            "civictag._kernel",
            sources=sorted(glob("civictag/kernel/*.c")),
            depends=sorted(glob("civictag/kernel/*.h")),
            define_macros=[("Py_LIMITED_API", "0x030b0000")] if STABLE else [],
            # Contracted additions would round differently from jieba's on some machines.
            extra_compile_args=["-O3", "-std=c11", "-ffp-contract=off"],
            py_limited_api=STABLE,
            optional=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if STABLE else {},
)
