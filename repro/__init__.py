"""The laboratory: experiments that measure what papers claim. It knows nothing of `synth`."""
