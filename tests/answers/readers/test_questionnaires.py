"""Triple-S, DDI, LimeSurvey and quantipy: what only a questionnaire file knows."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from saklig.answers.draft import draft
from saklig.answers.model import AnswersError
from saklig.answers.readers import read

File = Callable[..., Path]


def given(source, name: str) -> list[object]:
    variable = source.variable(name)
    return [None if code < 0 else variable.values[code] for code in variable.codes]


TRIPLE_S = """<?xml version="1.0" encoding="{encoding}"?>
<sss version="2.0" languages="sv en"><survey><title><text xml:lang="sv">Enkät</text></title>
<record ident="P" format="{format}" skip="{skip}" href="C:\\Elsewhere\\{href}">
<variable ident="1" type="quantity" use="serial"><name>id</name><label>Nr</label><position start="1" finish="{p1}"/>
</variable>
<variable ident="2" type="single"><name>q1</name>
<label><text xml:lang="sv" mode="interview">Är du nöjd?</text>
<text xml:lang="en" mode="interview">Are you content?</text>
<text xml:lang="sv" mode="analysis">Nöjdhet</text></label><position start="{s2}"/>
<values><value code="1"><text xml:lang="sv">Ja</text><text xml:lang="en">Yes</text></value>
<value code="2">Nej</value></values>
</variable>
<variable ident="3" type="multiple"><name>q2</name><label>Vilka?</label><position start="{s3}" finish="{f3}"/>
<values><value code="1">A</value><value code="2">B</value><value code="3">C</value></values></variable>
<variable ident="4" type="multiple"><name>q3</name><label>De två bästa</label><position start="{s4}" finish="{f4}"/>
<spread subfields="2"/><values><value code="1">A</value><value code="12">B</value></values></variable>
<variable ident="5" type="date"><name>dag</name><label>Dag</label><position start="{s5}" finish="{f5}"/></variable>
<variable ident="6" type="single" format="literal"><name>kommun</name><label>Kommun</label>
<position start="{s6}" finish="{f6}"/><values><value code="0114">Upplands Väsby</value></values></variable>
<variable ident="7" type="quantity" use="weight"><name>vikt</name><label>Vikt</label>
<position start="{s7}" finish="{f7}"/></variable>
<variable ident="8" type="loc"><name>plats</name><label>Plats</label><position start="{s8}" finish="{f8}"/></variable>
</record></survey></sss>"""
LINES = [
    [" 1", "1", "101", "12 1", "20210901", "0114", " 1.25", "59.3"],  # the last is text: blanks after it left out
    ["02", " ", "   ", " 100", "        ", "0114", " 0.75"],
]
FIXED = {
    "p1": 2, "s2": 3, "s3": 4, "f3": 6, "s4": 7, "f4": 10, "s5": 11, "f5": 18, "s6": 19, "f6": 22,
    "s7": 23, "f7": 27, "s8": 28, "f8": 33,
}  # fmt: skip
CELLS = {
    "p1": 1, "s2": 2, "s3": 3, "f3": 3, "s4": 4, "f4": 5, "s5": 6, "f5": 6, "s6": 7, "f6": 7,
    "s7": 8, "f7": 8, "s8": 9, "f8": 9,
}  # fmt: skip


def triple_s(places: dict[str, int], **options: object) -> str:
    said = {"encoding": "ISO-8859-1", "format": "fixed", "skip": 0, "href": "x.asc"} | options
    return TRIPLE_S.format(**said, **places)


def check_triple_s(source) -> None:
    assert given(source, "id") == [1, 2]
    assert given(source, "q1") == [1, None]
    assert [given(source, f"q2_{code}") for code in (1, 2, 3)] == [[1, None], [0, None], [1, None]]
    assert [given(source, f"q3_{part}") for part in (1, 2)] == [[12, 1], [1, None]]
    assert given(source, "dag") == ["2021-09-01", None]
    assert given(source, "kommun") == ["0114", "0114"]
    assert given(source, "vikt") == [1.25, 0.75]
    assert source.weight == "vikt"
    assert source.language == "sv"
    assert source.title == "Enkät"
    assert "read as text: variables of the type loc" in source.found
    hints = {hint.variables: hint for hint in source.hints}
    assert hints[("q1",)].text.words == (("sv", "Är du nöjd?"), ("en", "Are you content?"))
    assert hints[("q1",)].category_texts[1].words == (("sv", "Ja"), ("en", "Yes"))
    assert source.variable("q1").label == "Nöjdhet"
    assert list(source.variable("q1").labels.values()) == ["Ja", "Nej"]
    assert hints[("q2_1", "q2_2", "q2_3")].kind == "multiple"
    assert ("vikt",) not in hints
    assert ("id",) not in hints


def test_triple_s_with_fixed_width_data(text_file: File) -> None:
    text_file("\n".join("".join(line) for line in LINES), "x.asc")
    path = text_file(triple_s(FIXED), "x.sss", "iso-8859-1")
    check_triple_s(read(path))


def test_triple_s_with_delimited_data(text_file: File) -> None:
    text_file("a,b,c,d,e,f,g,h,i\n1,1,101,12,1,20210901,0114,1.25,\n2,,,1,0,,0114,0.75,\n", "x.csv")
    path = text_file(triple_s(CELLS, format="csv", skip=1, href="x.csv"), "x.sss", "iso-8859-1")
    check_triple_s(read(path))


def test_triple_s_data_with_too_few_cells(text_file: File) -> None:
    text_file("a,b\n1,2\n", "x.csv")
    path = text_file(triple_s(CELLS, format="csv", skip=1, href="x.csv"), "x.sss", "iso-8859-1")
    with pytest.raises(AnswersError, match=r"x\.csv: line 1: .*has 2 cells; the questionnaire x\.sss describes 9"):
        read(path)


def test_triple_s_that_only_joins_levels(text_file: File) -> None:
    levels = '<level ident="H" href="households.sss"/><level ident="P" href="persons.sss"/>'
    path = text_file(f'<sss version="2.0"><hierarchy>{levels}</hierarchy></sss>', "x.sss")
    with pytest.raises(
        AnswersError, match=r"several levels \(households\.sss, persons\.sss\).*Name the file of the level"
    ):
        read(path)


@pytest.mark.parametrize(
    ("find", "put", "wrong"),
    [
        ('<position start="3"/>', "", "the variable stands nowhere in the data"),
        ('<position start="3"/>', '<position start="three"/>', "“three” stands where a whole number belongs"),
        ('start="4" finish="6"', 'start="6" finish="4"', "stands from 6 to 4"),
        ('start="7" finish="10"', 'start="7" finish="9"', "3 characters cannot be parted in 2"),
        ("<name>q2</name>", "<name>q1</name>", "two variables are called “q1”"),
        ("<record", "<rekord", "cut short or no XML"),
    ],
)
def test_triple_s_that_contradicts_itself(text_file: File, find: str, put: str, wrong: str) -> None:
    text_file(" 1110112 1\n", "x.asc")
    content = triple_s(FIXED)
    assert find in content
    with pytest.raises(AnswersError, match=wrong):
        read(text_file(content.replace(find, put), "x.sss", "iso-8859-1"))


DDI = """<?xml version="1.0" encoding="UTF-8"?>
<codeBook xmlns="ddi:codebook:2_5" version="2.5" xml:lang="sv">
<stdyDscr><citation><titlStmt><titl>Kommunenkäten</titl></titlStmt></citation></stdyDscr>
<fileDscr ID="F1"><fileTxt><fileName>{file}</fileName><fileStrc type="{type}"/></fileTxt></fileDscr>
<dataDscr>
<varGrp var="V2" type="section"><labl>Betyg</labl></varGrp>
<var ID="V1" name="kommun"><location StartPos="1" EndPos="4"/><labl>Kommun</labl><varFormat type="character"/></var>
<var ID="V2" name="betyg"><location StartPos="5" width="2"/><labl>Betyg</labl>
<qstn><qstnLit>Hur nöjd är du?</qstnLit><ivuInstr>Ett svar</ivuInstr></qstn><universe>Alla chefer</universe>
<catgry><catValu>01</catValu><labl>Nöjd</labl></catgry>
<catgry missing="Y"><catValu>99</catValu><labl>Vet ej</labl></catgry><varFormat type="numeric"/></var>
<var ID="V3" name="vikt" wgt="wgt" dcml="2"><location StartPos="7" EndPos="11"/><labl>Vikt</labl></var>
</dataDscr></codeBook>"""


def ddi(file: str = "svar.dat", type: str = "rectangular") -> str:
    return DDI.format(file=file, type=type)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("svar.dat", "01140100125\n01809900050\n0114  00100\n"),
        ("svar.dat.gz", "01140100125\n01809900050\n0114  00100\n"),
        ("svar.csv", "kommun,betyg,vikt\n0114,01,1.25\n0180,99,0.5\n0114,,1\n"),
    ],
)
def test_ddi_with_each_kind_of_data(text_file: File, name: str, content: str) -> None:
    text_file(gzip.compress(content.encode()) if name.endswith(".gz") else content, name)
    source = read(text_file(ddi(name.removesuffix(".gz")), "bok.xml"))
    assert (source.title, source.language, source.weight) == ("Kommunenkäten", "sv", "vikt")
    assert given(source, "kommun") == ["0114", "0180", "0114"]
    assert given(source, "betyg") == [1, 99, None]
    assert given(source, "vikt") == [1.25, 0.5, 1]
    betyg = source.variable("betyg")
    assert dict(betyg.labels) == {1: "Nöjd", 99: "Vet ej"}
    assert betyg.missing == {99}
    (hint,) = source.hints
    assert hint.text.words == (("sv", "Hur nöjd är du?"),)
    assert (hint.section, hint.condition) == ("Betyg", "Alla chefer")
    assert hint.instruction is not None
    assert hint.instruction.words == (("sv", "Ett svar"),)


def test_ddi_codes_that_only_the_instructions_name(text_file: File) -> None:
    instructions = "<codInstr>Codes999 = N.I.U.\n998 = Missing.\nValues can be negative.</codInstr>"
    ranges = '<invalrng><item VALUE="7"/><range min="90" max="92"/></invalrng>'
    text_file("999 7\n 1291\n", "a.dat")
    source = read(
        text_file(
            '<codeBook xmlns="ddi:codebook:2_5"><dataDscr>'
            f'<var name="income"><location StartPos="1" EndPos="3"/>{instructions}</var>'
            f'<var name="mark"><location StartPos="4" EndPos="5"/>{ranges}</var></dataDscr></codeBook>',
            "a.xml",
        )
    )
    assert dict(source.variable("income").labels) == {999: "N.I.U.", 998: "Missing."}
    assert source.variable("mark").missing == frozenset({7, 90, 91, 92})


def test_the_data_lie_beside_the_codebook_or_nowhere(text_file: File, tmp_path: Path) -> None:
    outside = tmp_path.parent / "secret.dat"
    outside.write_text("01140100125\n")
    path = text_file(ddi("../secret.dat"), "bok.xml")
    with pytest.raises(AnswersError, match=r"bok\.xml: the data .* are not beside it.*as one of: secret\.dat, "):
        read(path)
    outside.unlink()
    assert read(path, beside=text_file("01140100125\n", "annat.dat")).rows == 1
    with pytest.raises(AnswersError, match="no such file"):
        read(path, beside=tmp_path / "inget.dat")


def test_fixed_width_data_without_a_codebook(text_file: File) -> None:
    with pytest.raises(
        AnswersError, match=r"svar\.dat: fixed-width data cannot be read without its codebook.*svar\.sss"
    ):
        read(text_file("0114\n", "svar.dat"))


def test_households_and_persons_in_one_file(text_file: File) -> None:
    text_file("01140100125\n", "svar.dat")
    with pytest.raises(AnswersError, match=r"fileStrc: the data hold households and persons.*rectangular"):
        read(text_file(ddi(type="hierarchical"), "bok.xml"))


@pytest.mark.parametrize(
    ("line", "wrong"), [("011401001", "inside “vikt”"), ("01140", "inside “betyg”"), ("0114", "has 4 characters")]
)
def test_a_line_that_is_too_short(text_file: File, line: str, wrong: str) -> None:
    text_file(f"01140100125\n{line}\n", "svar.dat")
    with pytest.raises(AnswersError, match=rf"svar\.dat: line 2: .*{wrong}") as caught:
        read(text_file(ddi(), "bok.xml"))
    assert f" {line}" not in str(caught.value)


def test_blanks_left_out_at_a_lines_end(text_file: File) -> None:
    text_file("01140100125\r\n018099\r\n", "svar.dat")
    assert given(read(text_file(ddi(), "bok.xml")), "vikt") == [1.25, None]


def test_a_packed_file_that_is_cut(text_file: File) -> None:
    packed = gzip.compress(b"01140100125\n" * 1000)
    text_file(packed[: len(packed) // 2], "svar.dat.gz")
    with pytest.raises(AnswersError, match="the packed file is cut short"):
        read(text_file(ddi(), "bok.xml"))


def test_a_gzip_bomb(text_file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    from saklig.answers.readers import fixed_width

    monkeypatch.setattr(fixed_width, "GZIP_RATIO_COUNTS_FROM", 2**20)
    text_file(gzip.compress(b"01140100125\n" * 1_000_000), "svar.dat.gz")
    with pytest.raises(AnswersError, match=r"line \d+: unpacked, the file is"):
        read(text_file(ddi(), "bok.xml"))


def test_a_gzip_bomb_without_lines(text_file: File) -> None:
    text_file(gzip.compress(bytes(20_000_000)), "svar.dat.gz")
    with pytest.raises(AnswersError, match="line 1: the line is longer than any"):
        read(text_file(ddi(), "bok.xml"))


LAUGHS = '<!DOCTYPE sss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE sss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE sss [<!ENTITY % a SYSTEM "http://127.0.0.1/x.dtd"> %a;]>'


@pytest.mark.parametrize("doctype", [LAUGHS, EXTERNAL, PARAMETER])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("name", ["x.sss", "x.xml", "x.lss"])
def test_entities_are_refused(text_file: File, doctype: str, encoding: str, name: str) -> None:
    mark = "﻿" if encoding == "utf-16-le" else ""
    path = text_file(f"{mark}{doctype}<sss><survey><title>&b;</title></survey></sss>", name, encoding)
    with pytest.raises(AnswersError, match="the file declares entities of its own"):
        read(path)


def test_a_doctype_without_entities_is_no_harm_and_is_not_fetched(text_file: File) -> None:
    text_file(" 1110112 1202109010114 1.25\n", "x.asc")
    doctype = '<!DOCTYPE sss PUBLIC "-//Triple-S//DTD" "http://127.0.0.1:1/sss.dtd"><sss '
    content = triple_s(FIXED).replace("<sss ", doctype)
    assert read(text_file(content, "x.sss", "iso-8859-1")).rows == 1


@pytest.mark.parametrize(
    "content", ["<sss><survey>", "<sss></survey></sss>", "<?xml version='1.0' encoding='klingon'?><a/>"]
)
def test_broken_xml(text_file: File, content: str) -> None:
    with pytest.raises(AnswersError, match=r"x\.sss: line 1: "):
        read(text_file(content, "x.sss"))


def test_an_xml_of_another_kind(text_file: File) -> None:
    with pytest.raises(AnswersError, match="its root element “svg” is of no questionnaire format"):
        read(text_file("<svg/>", "x.xml"))


def test_a_script_in_a_label_is_text(text_file: File) -> None:
    text_file(" 1110112 1202109010114 1.25\n", "x.asc")
    content = triple_s(FIXED).replace("De två bästa", "<![CDATA[<script>alert(1)</script>]]>")
    source = read(text_file(content, "x.sss", "iso-8859-1"))
    assert source.variable("q3_1").label == "<script>alert(1)</script>"


def lss(*tables: tuple[str, list[dict[str, object]]], version: int = 638) -> str:
    def row(cells: dict[str, object]) -> str:
        return "<row>" + "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in cells.items()) + "</row>"

    body = "".join(f"<{name}><rows>{''.join(map(row, rows))}</rows></{name}>" for name, rows in tables)
    return (
        f"<document><LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>{version}</DBVersion>"
        f"<languages><language>en</language><language>sv</language></languages>{body}</document>"
    )


def question(qid: int, type: str, title: str, parent: int = 0, **more: object) -> dict[str, object]:
    return {"qid": qid, "parent_qid": parent, "sid": 7, "gid": 1, "type": type, "title": title, "question_order": qid,
            "scale_id": 0, "relevance": 1, **more}  # fmt: skip


def words(qid: int, **by_language: str) -> list[dict[str, object]]:
    return [{"qid": qid, "question": text, "help": "", "language": tag} for tag, text in by_language.items()]


def new_lss() -> str:
    return lss(
        ("surveys", [{"sid": 7, "language": "sv"}]),
        ("surveys_languagesettings", [{"surveyls_language": "sv", "surveyls_title": "<b>Enkäten</b>"}]),
        ("groups", [{"gid": 1, "group_order": 1}]),
        ("group_l10ns", [{"gid": 1, "group_name": "Del ett", "language": "sv"}]),
        (
            "questions",
            [
                question(1, "L", "Q1", other="Y"),
                question(2, "M", "Q2", relevance='Q1.NAOK == "A1"'),
                question(5, "F", "Q3"),
                question(8, "R", "Q4"),
                question(9, "X", "TEXT"),
            ],
        ),
        (
            "subquestions",
            [
                question(4, "T", "b", 2),
                question(3, "T", "a", 2),
                question(6, "T", "r1", 5),
                question(7, "T", "r2", 5),
            ],
        ),
        (
            "question_l10ns",
            [
                *words(1, sv="Nöjd? <script>x()</script>", en="Content?"),
                *words(2, sv="Vilka?"),
                *words(3, sv="Alfa"),
                *words(4, sv="Beta"),
                *words(5, sv="Rutnät"),
                *words(6, sv="Rad 1"),
                *words(7, sv="Rad 2"),
                *words(8, sv="Ordna"),
            ],
        ),
        (
            "answers",
            [
                {"aid": 1, "qid": 1, "code": "A1", "sortorder": 1, "scale_id": 0},
                {"aid": 2, "qid": 1, "code": "A2", "sortorder": 2, "scale_id": 0},
                {"aid": 3, "qid": 5, "code": "1", "sortorder": 1, "scale_id": 0},
                {"aid": 4, "qid": 8, "code": "K1", "sortorder": 1, "scale_id": 0},
                {"aid": 5, "qid": 8, "code": "K2", "sortorder": 2, "scale_id": 0},
            ],
        ),
        (
            "answer_l10ns",
            [
                {"aid": 1, "answer": "Ja", "language": "sv"},
                {"aid": 1, "answer": "Yes", "language": "en"},
                {"aid": 2, "answer": "Nej", "language": "sv"},
                {"aid": 3, "answer": "Ofta", "language": "sv"},
                {"aid": 4, "answer": "Först", "language": "sv"},
                {"aid": 5, "answer": "Sedan", "language": "sv"},
            ],
        ),
    )


HEADINGS = {
    "codes": "id,Q1,Q1[other],Q2[a],Q2[b],Q3[r1],Q3[r2],Q4[1],Q4[2]",
    "underscores": "id,Q1,Q1_other,Q2_a,Q2_b,Q3_r1,Q3_r2,Q4_1,Q4_2",
    "codes and words": '"id. Response ID","Q1. Nöjd?","Q1[other]. Nöjd? [Annat]","Q2[a]. Vilka? [Alfa]",'
    '"Q2[b]. Vilka? [Beta]","Q3[r1]. Rutnät [Rad 1]","Q3[r2]. Rutnät [Rad 2]","Q4[1]. Ordna","Q4[2]. Ordna"',
}


@pytest.mark.parametrize("headings", HEADINGS)
def test_limesurvey_with_each_kind_of_headings(text_file: File, headings: str) -> None:
    text_file(HEADINGS[headings] + "\n1,A1,,Y,,1,,K2,K1\n2,-oth-,Hm,,Y,,1,K1,\n", "results-survey7.csv")
    source = read(text_file(new_lss(), "enkat.lss"))
    assert (source.rows, source.title, source.language) == (2, "Enkäten", "sv")
    assert "answers in results-survey7.csv" in source.found
    assert given(source, "Q1") == ["A1", "-oth-"]
    assert dict(source.variable("Q1").labels) == {"A1": "Ja", "A2": "Nej", "-oth-": "Annat"}
    assert given(source, "Q2[b]") == [None, "Y"]
    hints = {hint.variables[0]: hint for hint in source.hints}
    assert list(hints)[:4] == ["Q1", "Q2[a]", "Q3[r1]", "Q4[1]"]
    assert [hint.kind for hint in source.hints][4:] == ["open"]  # what people wrote beside "other"
    assert [hint.name for hint in source.hints][:4] == ["Q1", "Q2", "Q3", "Q4"]
    assert hints["Q1"].text.words == (("sv", "Nöjd?"), ("en", "Content?"))
    assert hints["Q1"].category_texts["A1"].words == (("sv", "Ja"), ("en", "Yes"))
    assert hints["Q2[a]"].kind == "multiple"
    assert hints["Q2[a]"].condition == 'Q1.NAOK == "A1"'
    assert {name: text.words[0][1] for name, text in hints["Q2[a]"].item_texts.items()} == {
        "Q2[a]": "Alfa",
        "Q2[b]": "Beta",
    }
    assert (hints["Q3[r1]"].kind, hints["Q3[r1]"].variables) == ("grid", ("Q3[r1]", "Q3[r2]"))
    assert dict(source.variable("Q3[r2]").labels) == {1: "Ofta"}
    assert (hints["Q4[1]"].kind, hints["Q4[1]"].variables) == ("ranking", ("Q4[1]", "Q4[2]"))
    assert hints["Q1"].section == "Del ett"


def test_limesurvey_with_answers_in_full(text_file: File) -> None:
    header = "id,Q1,Q1[other],Q2[a],Q2[b],Q3[r1],Q3[r2],Q4[1],Q4[2]"
    text_file(f"{header}\n1,Ja,,Ja,Nej,Ofta,,Sedan,Först\n2,Annat,Hm,Nej,Ja,,Ofta,Först,\n", "enkat.csv")
    source = read(text_file(new_lss(), "enkat.lss"))
    assert "answers spelled out, read as their codes" in source.found
    assert given(source, "Q1") == ["A1", "-oth-"]
    assert given(source, "Q3[r1]") == [1, None]
    assert given(source, "Q4[1]") == ["K2", "K1"]


def test_limesurvey_with_words_that_are_no_answer_stays_as_it_is(text_file: File) -> None:
    text_file("Q1\nJa\nKanske\n", "enkat.csv")
    assert given(read(text_file(new_lss(), "enkat.lss")), "Q1") == ["Ja", "Kanske"]


def test_limesurvey_drafted(text_file: File) -> None:
    header = "id,Q1,Q1[other],Q2[a],Q2[b],Q2[other],Q4[1],Q4[2]"
    rows = [f"{at},A{1 + at % 2},,Y,{'Y' if at % 3 else ''},{'Kalle' if at < 5 else ''},K{1 + at % 2},K{2 - at % 2}"
            for at in range(60)]  # fmt: skip
    text_file("\n".join([header, *rows]), "enkat.csv")
    found = draft(read(text_file(new_lss(), "enkat.lss")))
    assert [(question.id, question.kind.value) for question in found.study.questions] == [
        ("q1", "single"),
        ("q2", "multiple"),
        ("q4", "ranking"),
    ]
    assert found.study.question("q4").top == 2
    assert found.sources.questions["q4", ""].by_place == ("Q4[1]", "Q4[2]")
    assert set(found.left_out) == {"id", "Q1[other]", "Q2[other]"}
    assert '# Asked if (in the file’s own words): Q1.NAOK == "A1"' in found.toml
    assert "Kalle" not in found.toml


def test_limesurvey_of_an_old_version(text_file: File) -> None:
    content = lss(
        ("groups", [{"gid": 1, "group_name": "Del", "group_order": 0, "language": "sv"}]),
        (
            "questions",
            [
                question(1, "L", "Q1", question="Nöjd?", help="Ett svar", language="sv"),
                question(1, "L", "Q1", question="Content?", help="", language="en"),
            ],
        ),
        (
            "answers",
            [
                {"qid": 1, "code": "1", "answer": "Ja", "sortorder": 1, "scale_id": 0, "language": "sv"},
                {"qid": 1, "code": "1", "answer": "Yes", "sortorder": 1, "scale_id": 0, "language": "en"},
            ],
        ),
        ("surveys", [{"sid": 7, "language": "sv"}]),
        version=148,
    )
    (hint,) = read(text_file(content, "gammal.lss")).hints
    assert hint.text.words == (("sv", "Nöjd?"), ("en", "Content?"))
    assert hint.category_texts[1].words == (("sv", "Ja"), ("en", "Yes"))
    assert hint.section == "Del"
    assert hint.instruction is not None
    assert hint.instruction.words == (("sv", "Ett svar"),)


def test_limesurvey_answers_to_another_survey(text_file: File) -> None:
    text_file("a,b\n1,2\n", "enkat.csv")
    with pytest.raises(AnswersError, match=r"enkat\.csv: header: none of its columns is a question of enkat\.lss"):
        read(text_file(new_lss(), "enkat.lss"))


def test_limesurvey_without_questions(text_file: File) -> None:
    with pytest.raises(AnswersError, match="there are no questions in it"):
        read(text_file(lss(), "enkat.lss"))


CODEBOOK = {
    "columns": {
        "q1": {"type": "single", "text": {"en": "Fine?", "sv": "Bra?"}, "values": "lib@values@yes"},
        "q2": {"type": "delimited set", "text": {"sv": "Vilka?"}, "values": [{"value": 1, "text": {"sv": "A"}}]},
        "q3_1": {"type": "single", "text": {"sv": "G - a"}, "values": "lib@values@yes"},
        "q3_2": {"type": "single", "text": {"sv": "G - b"}, "values": "lib@values@yes"},
    },
    "masks": {
        "q3": {
            "text": {"sv": "G"},
            "values": "lib@values@yes",
            "items": [
                {"source": "columns@q3_1", "text": {"sv": "a"}},
                {"source": "columns@q3_2", "text": {"sv": "b"}},
            ],
        }
    },
    "lib": {"default text": "sv", "values": {"yes": [{"value": 1, "text": {"sv": "Ja", "en": "Yes"}}]}},
}
QUANTIPY_DATA = "q1,q2,q3_1,q3_2\n1,1;3;,1,\n,7,1,1\n"


def test_quantipy_in_two_languages(text_file: File) -> None:
    text_file(QUANTIPY_DATA, "svar.csv")
    text_file(json.dumps(CODEBOOK), "svar.json")
    for suffix in ("csv", "json"):
        source = read(text_file(b"", "other.txt").with_name(f"svar.{suffix}"))
        assert given(source, "q2") == ["1;3;", "7"]
        hints = {hint.variables: hint for hint in source.hints}
        assert hints[("q1",)].text.words == (("sv", "Bra?"), ("en", "Fine?"))
        assert hints[("q2",)].delimiter == ";"
        assert hints[("q3_1", "q3_2")].kind == "grid"
        assert hints[("q3_1", "q3_2")].category_texts[1].words == (("sv", "Ja"), ("en", "Yes"))
        assert dict(source.variable("q3_2").labels) == {1: "Ja"}


def test_a_json_of_another_kind_beside_a_csv_is_left_alone(text_file: File) -> None:
    text_file('{"name": "package"}', "svar.json")
    assert read(text_file(QUANTIPY_DATA, "svar.csv")).format == "CSV"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ('{"columns"', "line 1: the codebook is cut short or no JSON"),
        ("[" * 100_000, "cut short or no JSON"),
        ("{}", "no codebook of quantipy's"),
        (json.dumps(CODEBOOK | {"columns": {"x": {}}}), "describes none of the columns"),
    ],
)
def test_a_broken_codebook(text_file: File, content: str, wrong: str) -> None:
    text_file(QUANTIPY_DATA, "svar.csv")
    with pytest.raises(AnswersError, match=wrong):
        read(text_file(content, "svar.json"))


def test_a_codebook_without_its_answers(text_file: File) -> None:
    with pytest.raises(AnswersError, match="the answers that this codebook describes are not beside it"):
        read(text_file(json.dumps(CODEBOOK), "svar.json"))
