"""The bundled material of `synth demo`: short digests of real papers, written and rendered by the project."""
