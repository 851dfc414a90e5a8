"""Generate the languages of one seed: lexicons, text to learn from, held-out sentences, and the tokenizer."""

from __future__ import annotations

from repro.stages import GENERATED, Job, write_json

SOURCES = (*GENERATED, "models/tokenizer.py")
# Every fifth line is plenty for the tokenizer: each word type occurs hundreds of times.
TOKENIZER_STRIDE = 5


def run(job: Job) -> None:
    """Write the text, the held-out sentences, the tokenizer and the parameters of each language.

    `text/<code>.txt` (the same scenes in every language, each in an order of its own, or with `own_scenes` other scenes
    in each; a language with `sentences` of its own has only so many of them), `heldout/<code>.txt` (line i says the
    same in every language), `languages.json` (with `text`, the number of sentences) and `tokenizer/`.
    """
    import random
    from dataclasses import asdict

    from repro.languages.grammar import ENGLISH, distance, sentence
    from repro.languages.realm import Realm, RealmParameters
    from repro.models.tokenizer import train_tokenizer

    params = RealmParameters.read(job.params)
    realm = Realm.of(params, job.seed)
    heldout = realm.heldout(params.heldout)
    scenes = realm.world.scenes(params.sentences, job.seed, "text", set(heldout))
    for folder in ("text", "heldout"):
        (job.out / folder).mkdir()
    amounts = {other.code: len(scenes) if other.sentences is None else other.sentences for other in params.others}
    amounts[ENGLISH.code] = len(scenes)
    sample: list[str] = []
    for i, language in enumerate(realm.languages):
        words = realm.lexicons[language.code]
        if params.own_scenes:
            purpose = f"text {language.code}"
            scenes = realm.world.scenes(params.sentences, job.seed, purpose, set(heldout))
        lines = [sentence(scene, language, words) for scene in scenes]
        random.Random(f"order {language.code} {job.seed}").shuffle(lines)
        lines = lines[: amounts[language.code]]
        sample += lines[::TOKENIZER_STRIDE]
        (job.out / "text" / f"{language.code}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        tests = [sentence(scene, language, words) for scene in heldout]
        (job.out / "heldout" / f"{language.code}.txt").write_text("\n".join(tests) + "\n", encoding="utf-8")
        job.progress((i + 1) / (len(realm.languages) + 1), f"language {language.code} written")
    train_tokenizer(sample, params.vocabulary).save_pretrained(job.out / "tokenizer")
    write_json(
        job.out / "languages.json",
        {
            language.code: {
                **asdict(language),
                "distance": distance(ENGLISH, language),
                "text": amounts[language.code],
            }
            for language in realm.languages
        },
    )
