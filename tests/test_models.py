from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tiny_checkpoint import write_tiny

from translate.cli import main
from translate.errors import ModelError, OfflineError, OutputError, UsageError
from translate.models import KNOWN, UPGRADE, convert, info, list_models, load_engine, pull, resolve, use
from translate.models.cache import converted, entry_folder, is_intact
from translate.models.checkpoint import read_header
from translate.models.choice import choose_model, chosen_model, config_file
from translate.settings import EngineSettings

NAME = "tests/tiny-fr-en"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FR2EN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FR2EN_CONFIG", str(tmp_path / "settings" / "config.json"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv("FR2EN_OFFLINE", raising=False)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write_tiny(tmp_path / "tiny")


def lay_out_as_hub_cache(folder: Path, root: Path) -> Path:
    """Lay a checkpoint out as huggingface_hub does: blobs, refs and a snapshot of links."""
    home = root / ("models--" + NAME.replace("/", "--"))
    snapshot = home / "snapshots" / COMMIT
    for path in (home / "blobs", home / "refs", snapshot):
        path.mkdir(parents=True)
    (home / "refs" / "main").write_text(COMMIT)
    for file in folder.iterdir():
        blob = home / "blobs" / sha256(file.read_bytes()).hexdigest()
        shutil.copyfile(file, blob)
        (snapshot / file.name).symlink_to(blob)
    return snapshot


# ---------------------------------------------------------------- names


def test_nothing_named_is_the_bundled_model() -> None:
    checkpoint = resolve()
    assert checkpoint.name == "bundled"
    assert checkpoint.checksum == sha256(checkpoint.weights.read_bytes()).hexdigest()
    assert checkpoint.parameters > 1_000_000


def test_a_folder_is_a_model(tiny: Path) -> None:
    checkpoint = resolve(str(tiny))
    assert (checkpoint.path, checkpoint.architecture.width, checkpoint.architecture.heads) == (tiny, 8, 2)


def test_a_hub_id_is_found_in_the_hub_cache(tiny: Path, tmp_path: Path) -> None:
    snapshot = lay_out_as_hub_cache(tiny, tmp_path / "hub")
    assert resolve(NAME).path == snapshot


def test_a_hub_id_that_is_not_here_tells_how_to_fetch_it() -> None:
    with pytest.raises(ModelError, match=f"fr2en models pull {NAME}"):
        resolve(NAME)


@pytest.mark.parametrize(
    "name", ["./nowhere/at/all", "a" * 300, "a/" + "b" * 300, "a" * 300 + "/b", "a/b--c", "a/b.git"]
)
def test_a_name_that_means_nothing(name: str) -> None:
    with pytest.raises(ModelError, match="no such folder"):
        resolve(name)


NOBODY = "~nobody-of-this-name/x"


@pytest.mark.parametrize("variable", ["FR2EN_CACHE", "FR2EN_CONFIG", "HF_HUB_CACHE", "HF_HOME"])
def test_a_home_of_nobody_is_told_with_where_it_is_named(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.delenv("HF_HUB_CACHE")
    monkeypatch.setenv(variable, NOBODY)
    with pytest.raises(ModelError, match=f"{NOBODY} \\({variable}.*no home folder ~nobody-of-this-name"):
        load_engine(model=NAME if variable.startswith("HF") else "", device="cpu")


def test_a_model_in_the_home_of_nobody() -> None:
    with pytest.raises(ModelError, match="no home folder ~nobody-of-this-name"):
        resolve(NOBODY)


def test_a_model_in_ones_own_home(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tiny.parent))
    assert resolve("~/tiny").path == tiny


def test_settings_nested_beyond_reason() -> None:
    config_file().parent.mkdir()
    config_file().write_text('{"a":' * 100_000)
    with pytest.raises(ModelError, match=r"config\.json"):
        resolve()


def test_a_cache_with_a_name_too_long_is_one_that_cannot_be_written(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FR2EN_CACHE", str(tmp_path / ("a" * 300)))
    told: list[str] = []
    with converted(resolve(str(tiny)), "int8", tell=told.append) as folder:
        assert (folder / "model.bin").is_file()
    assert len(told) == 1


def test_the_users_choice_is_the_default(tiny: Path) -> None:
    _, settings = use(str(tiny))
    assert settings == config_file()
    assert resolve().path == tiny
    use("bundled")
    assert resolve().name == "bundled"


def test_a_choice_that_does_not_load_is_not_made(tiny: Path) -> None:
    (tiny / "vocab.json").unlink()
    with pytest.raises(ModelError):
        use(str(tiny))
    assert chosen_model() == ""


def test_other_settings_survive_a_choice(tiny: Path) -> None:
    config_file().parent.mkdir()
    config_file().write_text('{"colour": "none"}')
    use(str(tiny))
    assert json.loads(config_file().read_text()) == {"colour": "none", "model": str(tiny)}


def test_damaged_settings_are_named(tmp_path: Path) -> None:
    config_file().parent.mkdir()
    config_file().write_text("{")
    with pytest.raises(ModelError, match=r"config\.json"):
        resolve()


def test_settings_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FR2EN_CONFIG", str(tmp_path / "file" / "config.json"))
    with pytest.raises((OutputError, ModelError), match="file"):
        use("bundled")


def test_the_list_names_what_is_known(tiny: Path) -> None:
    use(str(tiny))
    entries = {entry.name: entry for entry in list_models()}
    assert [entries[k.name].place for k in KNOWN] == ["hub"] * len(KNOWN)
    assert entries["bundled"].place == "bundled"
    assert not entries["bundled"].default
    assert entries[str(tiny)].default
    assert entries["Helsinki-NLP/opus-mt-fr-en"].scores[0].value == 38.0
    assert KNOWN[0].name in UPGRADE


def test_a_damaged_model_is_listed_as_such(tiny: Path) -> None:
    use(str(tiny))
    (tiny / "source.spm").unlink()
    assert {e.name: e.place for e in list_models()}[str(tiny)] == "damaged"


def test_info_tells_the_folder(tiny: Path) -> None:
    entry, checkpoint = info(str(tiny))
    assert entry.path == checkpoint.path == tiny
    assert entry.size == sum(file.stat().st_size for file in tiny.iterdir())


# ---------------------------------------------------------------- damaged checkpoints


@pytest.mark.parametrize("file", ["config.json", "source.spm", "target.spm", "vocab.json", "model.safetensors"])
def test_a_missing_file_is_named(tiny: Path, file: str) -> None:
    (tiny / file).unlink()
    with pytest.raises(ModelError, match=f"lacks {file}"):
        resolve(str(tiny))


@pytest.mark.parametrize("kept", [0, 4, 100, 20_000])
def test_truncated_weights(tiny: Path, kept: int) -> None:
    weights = tiny / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:kept])
    with pytest.raises(ModelError, match="cut off"):
        resolve(str(tiny))


def test_a_pointer_in_place_of_weights(tiny: Path) -> None:
    (tiny / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    with pytest.raises(ModelError, match="not a safetensors file"):
        resolve(str(tiny))


def test_a_vocabulary_of_another_size(tiny: Path) -> None:
    vocabulary = json.loads((tiny / "vocab.json").read_text(encoding="utf-8"))
    vocabulary["one more"] = len(vocabulary)
    (tiny / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    with pytest.raises(ModelError, match=r"vocab\.json has 8002 entries"):
        resolve(str(tiny))


def test_a_vocabulary_with_holes(tiny: Path) -> None:
    vocabulary = json.loads((tiny / "vocab.json").read_text(encoding="utf-8"))
    vocabulary["</s>"] = 1
    (tiny / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    with pytest.raises(ModelError, match="are not the numbers 0 to"):
        resolve(str(tiny))


def test_embeddings_of_another_size(tiny: Path) -> None:
    config = json.loads((tiny / "config.json").read_text())
    (tiny / "config.json").write_text(json.dumps(config | {"d_model": 16}))
    with pytest.raises(ModelError, match=r"\[8001, 8\], but config\.json says \[8001, 16\]"):
        resolve(str(tiny))


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("final_logits_bias", [1, 8000]),
        ("lm_head.weight", [8, 8001]),
        ("model.decoder.embed_positions.weight", [63, 8]),
        ("model.decoder.embed_tokens.weight", [8, 8001]),
        ("model.decoder.layers.0.encoder_attn.k_proj.bias", [7]),
        ("model.decoder.layers.0.fc2.weight", [16, 8]),
        ("model.encoder.layers.0.final_layer_norm.weight", [1, 8]),
    ],
)
def test_a_tensor_of_another_shape_is_named(tiny: Path, name: str, shape: list[int]) -> None:
    with_entry(tiny, name, "F32", shape)
    with pytest.raises(ModelError, match=rf"{name} in .* has the shape .*, but config\.json says") as caught:
        resolve(str(tiny))
    assert str(shape) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "kind", "shape"),
    [
        ("final_logits_bias", "F16", [8001]),
        ("lm_head.weight", "BF16", [8001, 8]),
        ("model.encoder.embed_tokens.weight", "F64", [8001, 8]),
        ("model.decoder.embed_positions.weight", "F32", [64, 8]),
        ("of.somebody.else", "I64", [3]),
    ],
)
def test_tensors_that_some_checkpoints_have(tiny: Path, name: str, kind: str, shape: list[int]) -> None:
    with_entry(tiny, name, kind, shape)
    assert resolve(str(tiny)).architecture.width == 8


def test_a_tensor_that_is_not_floating_point_is_named(tiny: Path) -> None:
    with_entry(tiny, "model.decoder.layers.0.fc1.bias", "I8", [16])
    with pytest.raises(ModelError, match=r"model\.decoder\.layers\.0\.fc1\.bias in .* is of the type I8"):
        resolve(str(tiny))


def test_a_decoder_with_layers_of_its_own_width(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"decoder\.layers\.0\.fc1\.weight in .* \[16, 8\], but .* says \[32, 8\]"):
        resolve(str(write_tiny(tmp_path / "odd", decoder_ffn_dim=32)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model_type": "t5"}, "a t5 model, not a Marian one"),
        ({"model_type": None}, "a nameless model"),
        ({"share_encoder_decoder_embeddings": False}, "a vocabulary of its own for each language"),
        ({"normalize_before": True}, "normalises before"),
        ({"d_model": "wide"}, "lacks a usable value"),
        ({"d_model": float("inf")}, "d_model is inf"),
        ({"d_model": True}, "d_model is True"),
        ({"encoder_attention_heads": 0, "decoder_attention_heads": 0}, "encoder_attention_heads is 0"),
        ({"encoder_attention_heads": 3, "decoder_attention_heads": 3}, "8, cannot be parted among 3"),
        ({"encoder_layers": 0}, "encoder_layers is 0"),
        ({"decoder_layers": -1}, "decoder_layers is -1"),
        ({"encoder_layers": 6}, r"model\.safetensors has 1 encoder layers, but config\.json says 6"),
        ({"max_position_embeddings": 0}, "max_position_embeddings is 0"),
        ({"pad_token_id": 8001}, "pad_token_id is 8001"),
        ({"decoder_start_token_id": -1}, "decoder_start_token_id is -1"),
    ],
)
def test_a_configuration_of_something_else(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        resolve(str(write_tiny(tmp_path / "odd", **changes)))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a":' * 100_000])
def test_a_configuration_that_is_no_object(tiny: Path, text: str) -> None:
    (tiny / "config.json").write_text(text)
    with pytest.raises(ModelError, match=r"config\.json"):
        resolve(str(tiny))


@pytest.mark.parametrize(
    "entry",
    [
        {"shape": None}, {"shape": []}, {"shape": [8001, None]}, {"shape": [8001.0, 8]}, {"shape": "8001"},
        {"shape": [-8001, -8]}, {"data_offsets": [0]}, {"data_offsets": [0, float("inf")]}, {"data_offsets": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_header_that_describes_no_tensors(tiny: Path, entry: dict[str, object]) -> None:
    weights = tiny / "model.safetensors"
    header = read_header(weights)
    header["model.shared.weight"] |= entry
    write_header(weights, json.dumps(header))
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        resolve(str(tiny))
    del header["model.shared.weight"]["shape"]
    write_header(weights, json.dumps(header))
    with pytest.raises(ModelError, match="not a safetensors file"):
        resolve(str(tiny))


def test_a_header_nested_beyond_reason(tiny: Path) -> None:
    write_header(tiny / "model.safetensors", '{"a":' * 100_000)
    with pytest.raises(ModelError, match="not a safetensors file"):
        resolve(str(tiny))


def with_entry(folder: Path, name: str, kind: str, shape: list[int]) -> None:
    """Let the header of a checkpoint's weights say that they hold a tensor of this type and shape."""
    weights = folder / "model.safetensors"
    header = read_header(weights)
    header[name] = {"data_offsets": [0, 0], **header.get(name, {}), "dtype": kind, "shape": shape}
    write_header(weights, json.dumps(header))


def write_header(weights: Path, text: str) -> None:
    """Put another header in front of the data of a safetensors file."""
    whole = weights.read_bytes()
    data = whole[8 + int.from_bytes(whole[:8], "little") :]
    weights.write_bytes(len(text).to_bytes(8, "little") + text.encode() + data)


# ---------------------------------------------------------------- the cache of conversions


def test_a_conversion_is_made_once(tiny: Path) -> None:
    checkpoint = resolve(str(tiny))
    with converted(checkpoint, "int8") as folder:
        made = (folder / "model.bin").stat().st_mtime_ns
        vocabulary = json.loads((folder / "shared_vocabulary.json").read_text(encoding="utf-8"))
    with converted(checkpoint, "int8") as folder:
        assert (folder / "model.bin").stat().st_mtime_ns == made
    assert (vocabulary[0], vocabulary[1], vocabulary[-1]) == ("</s>", "<unk>", "<pad>")
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_the_key_changes_with_what_is_converted(tiny: Path) -> None:
    before = entry_folder(resolve(str(tiny)), "int8")
    assert entry_folder(resolve(str(tiny)), "float32") != before
    config = json.loads((tiny / "config.json").read_text())
    (tiny / "config.json").write_text(json.dumps(config | {"scale_embedding": False}))
    assert entry_folder(resolve(str(tiny)), "int8") != before


def test_a_damaged_entry_is_made_again(tiny: Path) -> None:
    checkpoint = resolve(str(tiny))
    with converted(checkpoint, "int8") as folder:
        whole = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with converted(checkpoint, "int8") as again:
        assert again == folder
        assert (again / "model.bin").read_bytes() == whole


@pytest.mark.parametrize("damage", ["cut", "gone", "no record", "odd record", "empty record"])
def test_damage_is_seen(tmp_path: Path, damage: str) -> None:
    (tmp_path / "model.bin").write_bytes(b"weights")
    record = tmp_path / "complete.json"
    record.write_text(json.dumps({"model.bin": sha256(b"weights").hexdigest()}))
    assert is_intact(tmp_path)
    if damage == "cut":
        (tmp_path / "model.bin").write_bytes(b"weigh")
    elif damage == "gone":
        (tmp_path / "model.bin").unlink()
    elif damage == "no record":
        record.unlink()
    else:
        record.write_text("[1]" if damage == "odd record" else "{}")
    assert not is_intact(tmp_path)


def test_several_at_once_agree(tiny: Path) -> None:
    checkpoint = resolve(str(tiny))
    found: list[bool] = []

    def ask() -> None:
        with converted(checkpoint, "int8") as folder:
            found.append(is_intact(folder))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 2
    assert len(list(entry_folder(checkpoint, "int8").parent.iterdir())) == 1


def test_without_a_writable_cache_the_conversion_is_temporary(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FR2EN_CACHE", str(tmp_path / "file" / "cache"))
    told: list[str] = []
    with converted(resolve(str(tiny)), "int8", tell=told.append) as folder:
        assert (folder / "model.bin").is_file()
    assert not folder.exists()
    assert len(told) == 1
    assert str(tmp_path / "file" / "cache") in told[0]


def test_what_the_converter_complains_of_is_passed_on(tmp_path: Path) -> None:
    checkpoint = resolve(str(write_tiny(tmp_path / "odd", activation_function="mish")))
    with pytest.raises(ModelError, match="activation function, mish"), converted(checkpoint, "int8"):
        pass
    assert not entry_folder(checkpoint, "int8").exists()


def test_a_model_is_exported(tiny: Path, tmp_path: Path) -> None:
    import ctranslate2

    out = convert(str(tiny), tmp_path / "new" / "out")
    assert ctranslate2.contains_model(str(out))
    assert (out / "source.spm").read_bytes() == (tiny / "source.spm").read_bytes()
    with pytest.raises(OutputError, match="exists already"):
        convert(str(tiny), out)


# ---------------------------------------------------------------- the hub


class Hub(BaseHTTPRequestHandler):
    """Answers as huggingface.co does for one model: its listing and its files."""

    folder: Path
    asked: list[str]

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        path = self.path.split("?")[0]
        self.asked.append(f"{self.command} {path}")
        if path.startswith(f"/api/models/{NAME}"):
            self.send_json(self.listing(tree="/tree/" in path))
        elif path.startswith(f"/{NAME}/resolve/") and (self.folder / path.rsplit("/", 1)[1]).is_file():
            self.send_file((self.folder / path.rsplit("/", 1)[1]).read_bytes(), body=body)
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def listing(self, *, tree: bool) -> object:
        files = sorted(self.folder.iterdir())
        if tree:
            return [
                {
                    "type": "file",
                    "path": f.name,
                    "size": f.stat().st_size,
                    "oid": sha256(f.name.encode()).hexdigest(),
                }
                for f in files
            ]
        return {
            "id": NAME,
            "modelId": NAME,
            "sha": COMMIT,
            "siblings": [{"rfilename": f.name} for f in files],
        }

    def send_json(self, value: object) -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def send_file(self, data: bytes, *, body: bool) -> None:
        self.send_response(200)
        self.send_header("ETag", f'"{sha256(data).hexdigest()[:40]}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def hub(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    (tiny / "tf_model.h5").write_bytes(b"not wanted")
    handler = type("OneHub", (Hub,), {"folder": tiny, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}")
    yield handler
    server.shutdown()
    server.server_close()


def test_a_model_is_pulled(hub: type[Hub]) -> None:
    checkpoint = pull(NAME)
    assert sorted(p.name for p in checkpoint.path.iterdir()) == [
        "config.json",
        "model.safetensors",
        "source.spm",
        "target.spm",
        "vocab.json",
    ]
    assert checkpoint.checksum == sha256((hub.folder / "model.safetensors").read_bytes()).hexdigest()
    assert not any("tf_model" in line for line in hub.asked)


def test_a_model_that_is_here_is_not_pulled_again(hub: type[Hub]) -> None:
    pull(NAME)
    hub.asked.clear()
    assert pull(NAME).path == resolve(NAME).path
    assert hub.asked == []


def test_nothing_is_asked_of_the_hub_unless_the_user_asked(hub: type[Hub]) -> None:
    with pytest.raises(ModelError, match="models pull"):
        resolve(NAME)
    list_models()
    assert hub.asked == []


def test_a_model_the_hub_does_not_have(hub: type[Hub]) -> None:
    with pytest.raises(ModelError, match="no public model tests/other"):
        pull("tests/other")


def test_a_model_of_another_kind_is_not_downloaded(hub: type[Hub]) -> None:
    (hub.folder / "source.spm").unlink()
    with pytest.raises(ModelError, match=r"lacks source\.spm"):
        pull(NAME)
    assert not any("resolve" in line for line in hub.asked)


def test_a_hub_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(OfflineError, match="--model bundled"):
        pull(NAME)


def test_no_download_where_it_is_forbidden(hub: type[Hub], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FR2EN_OFFLINE", "1")
    with pytest.raises(OfflineError, match="forbidden"):
        pull(NAME)
    assert hub.asked == []


# ---------------------------------------------------------------- loading


def test_settings_that_do_not_go_together() -> None:
    with pytest.raises(UsageError, match="float32 only"):
        load_engine(engine="torch", device="cpu", compute_type="int8")
    with pytest.raises(UsageError, match="-1 threads"):
        load_engine(threads=-1)


def test_options_replace_settings(tiny: Path) -> None:
    engine = load_engine(EngineSettings(threads=2, model="bundled"), model=str(tiny), device="cpu")
    assert (engine.info.model, engine.info.threads, engine.info.compute_type) == (str(tiny), 2, "int8")


def test_the_models_are_listed_without_torch() -> None:
    code = (
        "import sys, translate.models as m; m.list_models(); m.resolve(); "
        "print([n for n in ('torch', 'transformers', 'ctranslate2') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("config", ["empty", "file/config.json"])
def test_settings_that_are_not_there_or_empty_choose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str
) -> None:
    (tmp_path / "empty").write_text("")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FR2EN_CONFIG", str(tmp_path / config))
    assert chosen_model() == ""
    if config != "empty":
        with pytest.raises(OutputError, match="cannot write"):
            choose_model("bundled")


def test_a_converted_model_is_told_from_a_checkpoint(tiny: Path, tmp_path: Path) -> None:
    out = convert(str(tiny), tmp_path / "out")
    with pytest.raises(ModelError, match="converted for CTranslate2"):
        resolve(str(out))


def test_the_help_says_for_whom_a_model_is_converted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "convert", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "for other programs that run CTranslate2" in told
    assert "takes no converted folder" in told
