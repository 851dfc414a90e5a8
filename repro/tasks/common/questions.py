"""Generated questions: a sentence with one phrase left out, asked of a context that says the whole of it.

The generated languages have no question words, so what is missing is what is asked for.
"""

from __future__ import annotations

from repro.tasks import Answer, Span
from repro.tasks.common.teller import PHRASES, Teller, apart


def answerable(teller: Teller, sentences: int) -> Span:
    """Return a question to a context of so many sentences, about any one of them."""
    scenes = [teller.translated(scene) for scene in teller.scenes(sentences)]
    target = teller.draw.choice(scenes)
    phrase = teller.draw.choice([phrase for phrase in PHRASES if getattr(target, phrase)])
    context, start, text = "", 0, ""
    for scene in scenes:
        parts = teller.parts(scene)
        for word, slot in parts:
            context += " " if context else ""
            if scene is target and slot in PHRASES[phrase]:
                # The words of a phrase stand side by side in every language.
                start = start if text else len(context)
                text += f" {word}" if text else word
            context += word
    return Span(teller.text(target, PHRASES[phrase]), context, (Answer(start, text),))


def unanswerable(teller: Teller, sentences: int) -> Span:
    """Return a question of the same kind about another scene: half with a topic that the context has, half with any."""
    scenes = [teller.translated(scene) for scene in teller.scenes(sentences)]
    near = teller.draw.random() < 0.5
    topics = {scene.topic for scene in scenes}
    target = teller.scene(lambda s: (s.topic in topics or not near) and all(apart(s, other) for other in scenes))
    target = teller.translated(target)
    phrase = teller.draw.choice([phrase for phrase in PHRASES if getattr(target, phrase)])
    return Span(teller.text(target, PHRASES[phrase]), " ".join(map(teller.text, scenes)), ())
