"""Only what setup.cfg cannot say: the kernel is compiled where a C compiler is found.

Without a compiler the build goes on (``optional``), and the same results come from
``civictag.portable``, more slowly.
"""

from glob import glob

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "civictag._kernel",
            sources=sorted(glob("civictag/kernel/*.c")),
            depends=sorted(glob("civictag/kernel/*.h")),
            extra_compile_args=["-O3", "-std=c11"],
            optional=True,
        )
    ]
)
