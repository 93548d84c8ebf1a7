"""A reader's glossary: read, found in the French whatever its form, asked for, and verified in the English."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes import FakeEngine

from translate.checks import check
from translate.checks.asked import asked_terms, english_plural
from translate.checks.terms import Terms, as_asked, asked_line, glossary_use, occurrences
from translate.cli import main
from translate.errors import InputError
from translate.glossary import NO_GLOSSARY, Entry, Glossary
from translate.memory import context_of
from translate.read.glossary import read_glossary
from translate.sentences import Source, translate_sentences
from translate.settings import Settings


def made(*pairs: tuple[str, str]) -> Glossary:
    return Glossary(tuple(Entry(french, tuple(english.split("|"))) for french, english in pairs), "g.tsv")


RAIL = made(("cheminot", "rail worker|railwayman"), ("Rassemblement national", "National Rally (RN)"))


class TestFile:
    @pytest.mark.parametrize(
        "text",
        [
            "cheminot\trail worker\nSénat\tSenate\n",
            "# ours\nFrench\tEnglish\ncheminot\trail worker\tsince 2021\n\nSénat\tSenate",
            "cheminot,rail worker\nSénat,Senate\n",
            'source;target\n"cheminot";"rail worker"\nSénat;Senate\n',
            "cheminot,rail worker,fr,en\r\nSe\u0301nat,Senate,fr,en\r\n",
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_forms(self, tmp_path: Path, text: str, encoding: str) -> None:
        file = tmp_path / "terms.csv"
        file.write_bytes(text.encode(encoding))
        found = read_glossary(file)
        assert found.entries == (Entry("cheminot", ("rail worker",)), Entry("Sénat", ("Senate",)))
        assert found.name == "terms.csv"

    def test_a_windows_spreadsheet(self, tmp_path: Path) -> None:
        file = tmp_path / "terms.csv"
        file.write_bytes("garde des Sceaux;justice minister | Keeper of the Seals\r\n".encode("cp1252"))
        assert read_glossary(file).entries == (Entry("garde des Sceaux", ("justice minister", "Keeper of the Seals")),)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("a\tb\ncheminot\n", "line 2: no English"),
            ("a\tb\n\tx\n", "line 2: no French"),
            ("a\tb\n\nc\td\na\tc\n", "line 4: “a” has another translation in line 1"),
            ("a\tb\n.*\tany\n", "line 2: no letter or digit in the French"),
            ('a,b\ncheminot,"rail\nmairie,Town Hall\n', "line 2: .* unexpected end"),
            ('# ours\na,b\ncheminot,"rail" worker\nmairie,hall\n', "line 3: "),
            ("# nothing\n\n", "no term"),
            ("fr\ten\n", "no term"),
            (f"a\t{'b' * 300}\n", "line 1: longer than 200 characters"),
            ("a\tb\nmaire\t\x1b[31mred\n", "line 2: holds a control character"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_line(self, tmp_path: Path, text: str, said: str) -> None:
        file = tmp_path / "g.tsv"
        file.write_text(text, "utf-8")
        with pytest.raises(InputError, match=said) as caught:
            read_glossary(file)
        assert "g.tsv" in str(caught.value)
        assert caught.value.hint

    @pytest.mark.parametrize(
        ("text", "entry"),
        [
            ("l’État de droit\tthe rule of law’s", Entry("l'État de droit", ("the rule of law’s",))),
            ("la fa\u200dmille\t👨\u200d👩\u200d👧 family\u200b", Entry("la famille", ("👨\u200d👩\u200d👧 family",))),
            ('maire, "mayor, lord"\n', Entry("maire", ("mayor, lord",))),
            ('"le ""patron"""\tthe boss\n', Entry('le "patron"', ("the boss",))),
            ('maire;"lord\nmayor"\n', Entry("maire", ("lord mayor",))),
            ("sep=;\nmaire;mayor;\n", Entry("maire", ("mayor",))),
            ("#MeToo\t#MeToo\n", Entry("#MeToo", ("#MeToo",))),
            ("maire\u200b\tmayor\n", Entry("maire", ("mayor",))),
            ("French term,English term\nmaire,mayor\n", Entry("maire", ("mayor",))),
        ],
    )
    def test_what_spreadsheets_and_word_processors_write(self, tmp_path: Path, text: str, entry: Entry) -> None:
        file = tmp_path / "g.csv"
        file.write_text(text, "utf-8")
        assert read_glossary(file).entries == (entry,)

    def test_no_end(self) -> None:
        with pytest.raises(InputError, match="larger than 20 MB"):
            read_glossary("/dev/zero")

    def test_too_many_terms(self, tmp_path: Path) -> None:
        (tmp_path / "g.tsv").write_text("".join(f"mot{n}\tword\n" for n in range(20_001)), "utf-8")
        with pytest.raises(InputError, match="more than 20,000"):
            read_glossary(tmp_path / "g.tsv")

    def test_the_same_line_twice_is_no_contradiction(self, tmp_path: Path) -> None:
        file = tmp_path / "g.tsv"
        file.write_text("a\tb\na\tb\n", "utf-8")
        assert len(read_glossary(file).entries) == 1

    @pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x14\x00"])
    def test_no_text(self, tmp_path: Path, data: bytes) -> None:
        file = tmp_path / "g.xlsx"
        file.write_bytes(data)
        with pytest.raises(InputError):
            read_glossary(file)

    def test_missing_and_folders(self, tmp_path: Path) -> None:
        for path in (tmp_path / "none.tsv", tmp_path):
            with pytest.raises(InputError, match=r"no such file|is a folder"):
                read_glossary(path)


class TestFinding:
    @pytest.mark.parametrize(
        ("french", "text", "found"),
        [
            ("cheminot", "Les Cheminots défilent", ["Cheminots"]),
            ("cheminot", "LES CHEMINOTS DÉFILENT", ["CHEMINOTS"]),
            ("cheminot", "une cheminote, un cheminot-chef", []),
            ("garde à vue", "deux gardes à vue et une garde\u00a0à vue", ["gardes à vue", "garde\u00a0à vue"]),
            ("juge d'instruction", "Les juges d’instruction", ["juges d’instruction"]),
            ("tribunal", "les tribunaux", ["tribunaux"]),
            ("bureau", "des bureaux", ["bureaux"]),
            ("Les Républicains", "chez Les Républicains, pour les républicains", ["Les Républicains"]),
            ("Sénat", "Le SÉNAT et le Sénat, le sénat", ["SÉNAT", "Sénat"]),
            ("RN", "Le RN, les RNs, rn", ["RN"]),
            ("C++ (langage)", "du C++ (langage) ici", ["C++ (langage)"]),
            ("G7", "Le G7.", ["G7"]),
            ("49.3", "Un 49.3 et un 4933", ["49.3"]),
        ],
    )
    def test_forms_of_a_term(self, french: str, text: str, found: list[str]) -> None:
        assert [one.text for one in occurrences(text, Terms(made((french, "x")))) if one.asked] == found

    def test_the_readers_terms_come_before_the_set_ones(self) -> None:
        assert not occurrences("La garde des Sceaux a parlé.")[0].asked
        (one,) = occurrences("La garde des Sceaux a parlé.", Terms(made(("Sceaux", "Seals"))))
        assert (one.text, one.asked) == ("Sceaux", True)

    def test_the_longer_of_two_counts(self) -> None:
        both = made(("plan", "plan"), ("plan social", "layoffs"))
        assert [one.text for one in occurrences("Le plan social.", Terms(both))] == ["plan social"]

    @pytest.mark.parametrize(
        ("one", "many"),
        [
            ("rail worker", "rail workers"),
            ("mayor of Paris", "mayors of Paris"),
            ("party", "parties"),
            ("MP", "MPs"),
            ("railwayman", "railwaymen"),
            ("knife", "knives"),
            ("shaman", "shamans"),
            ("police", "police"),
            ("policewoman", "policewomen"),
            ("human", "humans"),
            ("box", "boxes"),
            ("Kurdish", "Kurdish"),
            ("National Rally (RN)", "National Rally (RN)"),
            ("50%", "50%"),
        ],
    )
    def test_english_plurals(self, one: str, many: str) -> None:
        assert english_plural(one) == many

    def test_what_is_said_for_a_plural(self) -> None:
        assert [one.instead for one in occurrences("Un cheminot, deux cheminots", Terms(RAIL))] == [
            "rail worker",
            "rail workers",
        ]

    def test_backslashes_are_themselves(self) -> None:
        (one,) = occurrences("le poste", Terms(made(("poste", r"C:\1\g<x>"))))
        assert one.instead == r"C:\1\g<x>"
        (one,) = occurrences("la RATP", Terms(made(("RATP", r"A\B {0}"))))
        assert one.instead == r"A\B {0}"
        assert as_asked(r"the c:\1\G<x>", "le poste", made(("poste", r"C:\1\g<x>"))) == r"the C:\1\g<x>"


class TestChecking:
    @pytest.mark.parametrize(
        "target",
        ["The rail workers march.", "Rail-workers march.", "The railwaymen march.", "A RAIL WORKER marches."],
    )
    def test_each_accepted_form(self, target: str) -> None:
        assert not [flag for flag in check("Les cheminots défilent.", target, Terms(RAIL)) if flag.check == "glossary"]

    def test_what_is_not_kept_to_is_told(self) -> None:
        (flag,) = check("Les cheminots défilent.", "The railway employees march.", Terms(RAIL))
        assert (flag.check, flag.detail) == ("glossary", "“cheminots” -> rail workers?")

    def test_a_term_that_comes_twice_is_wanted_twice(self) -> None:
        hall = Terms(made(("mairie", "town hall")))
        assert not check("La mairie et la mairie.", "The town hall and the town hall.", hall)
        assert [f.check for f in check("La mairie et la mairie.", "The town hall and the city.", hall)] == ["glossary"]

    def test_acronyms_have_plurals_and_small_words_are_none(self) -> None:
        abroad = made(("PME", "SME"), ("États-Unis", "US"), ("OMS", "WHO"), ("mai", "May"))
        assert not check("Les PME souffrent.", "SMEs suffer.", Terms(abroad))
        assert check("Les États-Unis nous aident.", "America helps us.", Terms(abroad))
        assert as_asked("America helps us, who may win.", "Les États-Unis, OMS, mai", abroad) == (
            "America helps us, who may win."
        )

    def test_names_are_no_common_words(self) -> None:
        small = Terms(made(("tour", "tower"), ("nice", "neat"), ("lens", "lens"), ("or", "gold"), ("mairie", "hall")))
        assert not occurrences("Le festival de Tours, Lens à Nice. Or, non.", small)
        assert [one.text for one in occurrences("La Mairie et une tour.", small)] == ["Mairie", "tour"]

    def test_a_part_of_a_word_proves_nothing(self) -> None:
        assert check("La loi passe.", "The lawyers pass.", Terms(made(("loi", "law"))))

    def test_names_and_numbers_of_the_glossary_are_as_it_says(self) -> None:
        plan = made(("Plan 2030", "the Horizon plan"), ("Les Républicains", "the conservatives"))
        assert not check(
            "Les Républicains votent le Plan 2030.", "The conservatives vote for the Horizon plan.", Terms(plan)
        )
        assert check("Les Républicains votent le Plan 2030.", "The conservatives vote for the Horizon plan.")

    def test_what_is_to_stay_is_no_copy(self) -> None:
        kept = made(("Les Échos de la République", "Les Échos de la République"))
        assert not check("Les Échos de la République", "Les Échos de la République", Terms(kept))

    def test_use(self) -> None:
        assert glossary_use("Un cheminot, deux cheminots", "A railwayman, two employees", RAIL) == (2, 1)
        assert glossary_use("Un cheminot, deux cheminots", "A railwayman, two rail workers", RAIL) == (2, 2)
        assert glossary_use("Un cheminot", "An employee", RAIL) == (1, 0)
        assert glossary_use("Un cheminot", "An employee", NO_GLOSSARY) == (0, 0)

    def test_capitals_are_the_glossarys(self) -> None:
        hall = made(("mairie", "Town Hall"))
        assert as_asked("in front of the town hall", "devant la mairie", hall) == "in front of the Town Hall"
        assert as_asked("the town hall", "l'hôtel de ville", hall) == "the town hall"

    @pytest.mark.parametrize("mark", "'’")
    def test_either_apostrophe_proves_it_and_the_glossarys_is_written(self, mark: str) -> None:
        law = made(("État de droit", f"people{mark}s rule"))
        for target in ("The people's rule holds.", "The people’s rule holds."):
            assert not check("L'État de droit tient.", target, Terms(law))
        assert as_asked("People’s rule", "L’État de droit", made(("État de droit", "people's rule"))) == "People’s rule"
        assert as_asked("People's rule", "L’État de droit", made(("État de droit", "people’s rule"))) == "People’s rule"
        engine = FakeEngine({"L'État de droit tient.": "The people's rule holds."})
        straight = Settings(glossary=law, quotes="straight")
        (segment,) = translate_sentences([Source("L'État de droit tient.")], engine, straight)
        assert segment.target == f"The people{mark}s rule holds."
        (segment,) = translate_sentences([Source("État de droit")], engine, straight)
        assert segment.target == f"People{mark}s rule"

    @pytest.mark.parametrize(
        ("line", "english"),
        [
            ("À lire aussi :", "More on this :"),
            ("À LIRE AUSSI", "MORE ON THIS"),
            ("à lire aussi", "More on this"),
            ("À lire aussi : le procès", None),
            ("", None),
            ("…", None),
        ],
    )
    def test_a_line_that_is_a_term(self, line: str, english: str | None) -> None:
        assert asked_line(line, made(("à lire aussi", "More on this"))) == english


class TestTranslating:
    def test_a_term_that_is_right_costs_nothing(self) -> None:
        engine = FakeEngine({"Le cheminot dort.": "The railwayman sleeps."})
        (segment,) = translate_sentences([Source("Le cheminot dort.")], engine, Settings(glossary=RAIL))
        assert (segment.target, segment.rung, engine.sent) == (
            "The railwayman sleeps.",
            "first",
            ["Le cheminot dort."],
        )

    def test_it_is_said_to_the_model_in_english(self) -> None:
        engine = FakeEngine(
            {
                "Les cheminots dorment.": "The employees are asleep.",
                "Les rail workers dorment.": "The rail workers are asleep.",
            }
        )
        (segment,) = translate_sentences([Source("Les cheminots dorment.")], engine, Settings(glossary=RAIL))
        assert (segment.target, segment.rung, segment.flags) == ("The rail workers are asleep.", "reword", ())

    def test_it_is_put_where_the_model_leaves_its_place(self) -> None:
        engine = FakeEngine({"Les Z1 dorment.": "The Z1 are asleep."}, default=lambda unit: "The staff are asleep.")
        (segment,) = translate_sentences([Source("Les cheminots dorment.")], engine, Settings(glossary=RAIL))
        assert (segment.target, segment.rung) == ("The rail workers are asleep.", "placeholders")

    def test_lines_in_capitals(self) -> None:
        engine = FakeEngine(
            {"Les cheminots dorment": "The staff are asleep", "Les rail workers dorment": "The rail workers are asleep"}
        )
        (segment,) = translate_sentences([Source("LES CHEMINOTS DORMENT")], engine, Settings(glossary=RAIL))
        assert (segment.target, segment.flags) == ("THE RAIL WORKERS ARE ASLEEP", ())

    def test_what_no_try_keeps_to_stays_doubtful(self) -> None:
        engine = FakeEngine(default=lambda unit: "The staff are asleep.")
        settings = Settings(glossary=RAIL)
        (segment,) = translate_sentences([Source("Les cheminots dorment.")], engine, settings)
        assert {flag.check for flag in segment.flags} & {"glossary", "pieced"}

    def test_a_line_that_is_a_term_asks_no_model(self) -> None:
        engine = FakeEngine()
        (segment,) = translate_sentences([Source("Cheminots :")], engine, Settings(glossary=RAIL))
        assert (segment.target, segment.passed, engine.calls) == ("Rail workers:", "glossary", [])

    def test_another_glossary_recalls_nothing(self) -> None:
        info = FakeEngine().info
        contexts = {context_of(info, Settings(glossary=g)).digest for g in (NO_GLOSSARY, RAIL, made(("a", "b")))}
        assert len(contexts) == 3
        renamed = Glossary(RAIL.entries, "other.tsv")
        assert context_of(info, Settings(glossary=renamed)).digest == context_of(info, Settings(glossary=RAIL)).digest

    def test_a_great_glossary_is_searched_by_what_the_text_holds(self) -> None:
        entries = tuple(Entry(f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}mot{n}", ("x",)) for n in range(19_000))
        great = Glossary((*entries, Entry("cheminot", ("rail worker",))), "g")
        assert [one.text for one in occurrences("Le cheminot dort.", Terms(great))] == ["cheminot"]
        assert sum("pattern" in vars(term) for term in asked_terms(great).terms) < 20


class TestCommand:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "g.tsv").write_text("cheminot\trail worker\nSénat\tSénat\n", "utf-8")
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "a.txt").write_text("Les cheminots ont manifesté devant le Sénat.\n", "utf-8")
        return tmp_path

    def test_translate(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        code = main(["translate", str(folder / "in" / "a.txt"), "--glossary", str(folder / "g.tsv"), "--to", "json"])
        out, err = capfd.readouterr()
        report = json.loads(out)
        (sentence,) = report["blocks"][0]["sentences"]
        assert code == 0
        assert "rail workers" in sentence["target"].lower()
        assert "Sénat" in sentence["target"]
        assert report["made"]["settings"]["glossary"]["name"] == "g.tsv"
        assert "glossary g.tsv: its terms stand 2 times in the French, 2 of them kept to in the English" in err

    def test_none_of_its_terms(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (folder / "b.txt").write_text("Il dort.\n", "utf-8")
        assert main(["translate", str(folder / "b.txt"), "--glossary", str(folder / "g.tsv")]) == 0
        assert "none of its 2 terms is in the text" in capfd.readouterr().err

    def test_a_bad_glossary_ends_the_command(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (folder / "g.tsv").write_text("cheminot\n", "utf-8")
        assert main(["translate", str(folder / "in" / "a.txt"), "--glossary", str(folder / "g.tsv")]) == 4
        out, err = capfd.readouterr()
        assert out == ""
        assert "line 1: no English" in err

    def test_batch_translates_again_what_another_glossary_asks_for(
        self, folder: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        command = ["batch", str(folder / "in"), str(folder / "out")]
        english = folder / "out" / "a.en.txt"
        assert main(command) == 0
        before = english.read_text("utf-8")
        assert main([*command, "--glossary", str(folder / "g.tsv")]) == 0
        after = english.read_text("utf-8")
        assert "Sénat" not in before
        assert "Sénat" in after
        capfd.readouterr()
        (folder / "g.tsv").rename(folder / "renamed.tsv")
        assert main([*command, "--glossary", str(folder / "renamed.tsv"), "--json"]) == 0
        assert '"unchanged"' in capfd.readouterr().out
