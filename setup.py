"""Only what setup.cfg cannot say: the kernel is compiled where a C compiler is found.

Without a compiler the build goes on, and ``civictag.text.pure_tokenizer`` gives the same results more
slowly; the wheel is then tagged as pure Python. ``CIVICTAG_REQUIRE_KERNEL=1``, for release builds, fails
instead. The stable interface is used: one wheel per platform serves Python 3.11 and all later ones.
"""

import os
import sysconfig
from glob import glob

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

SOURCES = sorted(glob("civictag/kernel/*.c"))  # none where the pure backend is wanted
# A free-threaded Python has no stable interface before 3.15.
STABLE = not sysconfig.get_config_var("Py_GIL_DISABLED")
# Contracted additions would round differently from jieba's on some machines.
UNIX = ["-O3", "-std=c11", "-ffp-contract=off", "-fvisibility=hidden"]
MSVC = ["/O2", "/std:c11", "/fp:precise"]


class BuildKernel(build_ext):
    """Compiler flags are known only once the compiler is."""

    def build_extensions(self):
        """Compile, with the flags of the compiler found."""
        msvc = self.compiler.compiler_type == "msvc"
        for extension in self.extensions:
            extension.extra_compile_args = MSVC if msvc else UNIX
            extension.libraries = [] if msvc else ["m"]
        super().build_extensions()


class Wheel(bdist_wheel):
    """A wheel without the kernel runs anywhere and says so: no platform in its name."""

    def get_tag(self):
        """The tag; by the time it is asked for, the kernel was built or was not."""
        built = self.get_finalized_command("build_ext").get_outputs()
        self.root_is_pure = not any(map(os.path.exists, built))
        return super().get_tag()


setup(
    cmdclass={"build_ext": BuildKernel, "bdist_wheel": Wheel},
    ext_modules=[
        Extension(
            "civictag._kernel",
            sources=SOURCES,
            depends=sorted(glob("civictag/kernel/*.h")),
            define_macros=[("Py_LIMITED_API", "0x030b0000")] if STABLE else [],
            py_limited_api=STABLE,
            optional=not os.environ.get("CIVICTAG_REQUIRE_KERNEL"),
        )
    ]
    if SOURCES
    else [],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if STABLE else {},
)
