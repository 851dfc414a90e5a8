"""What synth is installed with: bill of materials (`make sbom`), licences, known vulnerabilities (`make audit`)."""
