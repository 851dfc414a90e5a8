from repro.languages import sentence
from repro.tokenizer import PAD, encode, load_tokenizer, train_tokenizer


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
