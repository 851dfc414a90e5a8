"""The research questions of five reports on English intermediate-task training."""

QUESTIONS = (
    "Does scaling the size of the pretrained model mitigate the negative effects of typological distance when applying "
    "English intermediate-task training for cross-lingual sentence retrieval?",
    "How does scaling the diversity of English intermediate tasks affect zero-shot cross-lingual accuracy on sentence "
    "retrieval within the XTREME-R benchmark?",
    "How does the typological distance between English intermediate tasks and target languages correlate with "
    "zero-shot accuracy degradation on XTREME-R sentence retrieval tasks?",
    "To what extent does the typological distance between English and target low-resource languages modulate the "
    "performance improvements gained from English intermediate-task training in multilingual models?",
    "What is the impact of ensemble methods combining models fine-tuned on distinct intermediate syntactic tasks on "
    "the zero-shot cross-lingual transfer performance for sentence retrieval in XTREME-R?",
)
