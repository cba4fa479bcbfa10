"""The documentation is true: its commands run, print what it shows, and name what there is."""

import re
import shlex

import pytest
from documented import ROOT, examples, language_of, make_folder, run, same

from civictag.cli import VERBS, civictag

READMES = ("README.md", "README.zh-CN.md")
PAGES = (
    *READMES,
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "corpus/README.md",
    "labels/README.md",
    *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md")),
)
# The tutorial trains its model here and now: another version of a library may round otherwise.
EXACT, TRAINED = 1e-6, 0.05
SHOWN = {
    **dict.fromkeys((*READMES, "docs/python.md", "docs/python.zh-CN.md"), EXACT),
    **dict.fromkeys(("docs/tutorial.md", "docs/tutorial.zh-CN.md"), TRAINED),
}
SET_UP = re.compile(r"^python3 -m venv .*$", re.M)


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


# The others train models: slow.
TIMED = [pytest.param(page, marks=[pytest.mark.slow] * (page not in READMES)) for page in SHOWN]


@pytest.mark.parametrize("page", TIMED)
def test_the_program_prints_what_the_page_shows(page, civic_model, tmp_path):
    folder = make_folder(tmp_path)
    wrong = []
    for command, shown in examples(read(page)):
        printed = run(command, folder, language_of(page))
        if not same(shown, printed, SHOWN[page]):
            wrong.append(f"$ {command}\n{printed}")
    assert not wrong, f"python tests/documented.py {page}\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("shown", "printed", "equal"),
    [("a 0.5", "a  0.5 ", True), ("a 0.5", "a 0.6", False), ("a 0.5", "b 0.5", False), ("a", "a\nb", False)],
)
def test_what_counts_as_the_same_output(shown, printed, equal):
    assert same(shown, printed, EXACT) is equal


def test_both_languages_show_the_same_commands():
    for pair in (READMES, ("docs/tutorial.md", "docs/tutorial.zh-CN.md")):
        commands = [[c for c, _ in examples(read(page)) if not c.startswith("python -c")] for page in pair]
        assert commands[0] == commands[1]
        assert commands[0]


@pytest.mark.parametrize("page", READMES)
def test_figures_are_those_of_the_measurements(page):
    figures = re.findall(r"0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]", read(page))
    measured = read("docs/quality.md")
    assert len(figures) > 10
    assert [figure for figure in figures if figure not in measured] == []


def test_two_commands_set_everything_up():
    first, second = SET_UP.findall(read("README.md"))
    assert SET_UP.findall(read("README.zh-CN.md")) == [first, second]
    tag = first.rsplit(" && ", 1)[1]
    assert (ROOT / shlex.split(tag)[2]).is_file()
    assert " -m pytest" in second


def test_continuous_integration_runs_the_second_command():
    steps = SET_UP.findall(read("README.md"))[1].split(" && ")
    script = re.sub(r'"\$folder/([^"]*)"', r"\1", read(".ci/run")).replace('"$python"', "python3")
    assert [line for line in script.splitlines() if line in steps] == steps


def test_the_samples_tag_as_the_first_command_says(civic_model, tmp_path):
    tag = SET_UP.findall(read("README.md"))[0].rsplit(" && ", 1)[1]
    printed = run(tag, make_folder(tmp_path), "zh")
    assert "环境卫生" in printed
    assert "责任编辑" not in printed


@pytest.mark.parametrize("page", ["docs/cli.md", "docs/cli.zh-CN.md"])
@pytest.mark.parametrize("verb", VERBS)
def test_every_option_of_every_verb_is_explained(page, verb):
    section = re.split(r"^## ", read(page), flags=re.M)
    mine = next((part for part in section if part.startswith(f"`civictag {verb}")), None)
    assert mine, f"{page} has no section on civictag {verb}"
    command = civictag.get_command(None, verb)
    flags = {flag for option in command.params for flag in option.opts if flag.startswith("-")}
    told = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", mine))
    assert flags <= told, f"{page} does not tell of {flags - told}"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", read(page)):
        assert target.startswith("https://") or (ROOT / page).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("page", [*PAGES, "SECURITY.md"])
def test_files_that_are_named_are_there(page):
    named = re.findall(r"(?<![\w/.])(?:tests|bench|fuzz|docs)/[\w/.-]+\.(?:py|md)\b", read(page))
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_pages_have_lines_that_a_person_can_read(page):
    long = [line[:60] for line in _prose(read(page)) if len(line) > 160]
    assert not long


def _prose(page: str) -> list[str]:
    text = re.sub(r"^```.*?^```", "", page, flags=re.S | re.M)
    return [line for line in text.splitlines() if not line.startswith("|")]


def test_the_page_of_a_package_index_is_the_readme():
    assert "long_description = file: README.md" in read("setup.cfg")
