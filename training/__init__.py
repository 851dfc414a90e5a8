"""Making of the packaged models: data, training, measurement. Not part of the wheel."""
