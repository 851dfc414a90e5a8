from repro.languages.grammar import sentence
from repro.models.tokenizer import PAD, encode, load_tokenizer, train_tokenizer


def lines(realm, count=200):
    scenes = realm.world.scenes(count, 1, "text")
    return [sentence(s, lang, realm.lexicons[lang.code]) for lang in realm.languages for s in scenes]


def test_the_layout_is_that_of_xlm_r(tokenizer):
    assert tokenizer.convert_ids_to_tokens([0, 1, 2, 3]) == ["<s>", "<pad>", "</s>", "<unk>"]
    assert (tokenizer.pad_token_id, tokenizer.mask_token_id) == (PAD, len(tokenizer) - 1)
    single, pair = encode(tokenizer, ["farmer"])[0], encode(tokenizer, ["farmer"], ["farmer"])[0]
    assert (single[0], single[-1]) == (0, 2)
    assert pair == [*single, *[2], *single[1:]]


def test_the_same_text_gives_the_same_tokenizer(realm, tokenizer):
    assert train_tokenizer(lines(realm), 600).get_vocab() == tokenizer.get_vocab()


def test_text_comes_back(realm, tokenizer):
    for line in lines(realm, 20):
        ids = encode(tokenizer, [line])[0]
        assert tokenizer.unk_token_id not in ids
        assert tokenizer.decode(ids, skip_special_tokens=True) == line


def test_a_saved_tokenizer_is_the_same(tokenizer, realm, tmp_path):
    tokenizer.save_pretrained(tmp_path)
    again = load_tokenizer(tmp_path)
    assert encode(again, lines(realm, 20)) == encode(tokenizer, lines(realm, 20))
    assert again.mask_token_id == tokenizer.mask_token_id


def test_the_size_is_a_limit(realm):
    assert len(train_tokenizer(lines(realm), 300)) <= 300


def test_nothing_encodes_to_nothing(tokenizer):
    assert encode(tokenizer, []) == []


def test_what_is_too_long_is_cut_the_longer_text_first(tokenizer):
    long, short = "farmer " * 40, "farmer"
    assert len(encode(tokenizer, [long], limit=12)[0]) == 12
    pair = encode(tokenizer, [long], [short], limit=12)[0]
    alone = encode(tokenizer, [short])[0]
    assert len(pair) == 12
    assert pair[-len(alone) + 1 :] == alone[1:]


REAL = ["Ένα βιβλίο.", "本を読む。", "The old book!", "x²"]


def test_real_text_is_spelt_in_bytes_where_a_character_is_rare():
    own = train_tokenizer(["The old book is red.", "The book is old!"] * 5, 320, alphabet=20)
    assert len(own) <= 320
    for line in REAL:
        ids = encode(own, [line])[0]
        assert own.unk_token_id not in ids
    pieces = own.convert_ids_to_tokens(encode(own, ["本"])[0][1:-1])
    assert pieces == ["▁", *(f"<0x{byte:02X}>" for byte in "本".encode())]


def test_real_text_is_normalised_and_punctuation_cut_off():
    own = train_tokenizer(["The old book!"] * 9, 320, alphabet=20)
    assert encode(own, ["x²"]) == encode(own, ["x2"])
    assert own.tokenize("book!") == [*own.tokenize("book"), "!"]
