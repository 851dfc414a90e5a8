-- Generated from the migrated database by `make docs`.

CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE answer (
	id INTEGER NOT NULL,
	search_id INTEGER NOT NULL,
	source_query_id INTEGER NOT NULL,
	url VARCHAR NOT NULL,
	asked VARCHAR NOT NULL,
	status INTEGER NOT NULL,
	headers JSON NOT NULL,
	body BLOB NOT NULL,
	sha256 VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(search_id) REFERENCES search (id) ON DELETE CASCADE,
	FOREIGN KEY(source_query_id) REFERENCES source_query (id) ON DELETE CASCADE,
	UNIQUE (search_id, url)
);

CREATE TABLE claim (
	id INTEGER NOT NULL,
	search_id INTEGER NOT NULL,
	text VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	salience FLOAT NOT NULL,
	nearness FLOAT,
	confidence FLOAT,
	standing VARCHAR NOT NULL,
	witnesses INTEGER NOT NULL,
	witnesses_against INTEGER NOT NULL,
	reported_by INTEGER NOT NULL,
	papers_confidence FLOAT,
	own_confidence FLOAT,
	own_for INTEGER NOT NULL,
	own_against INTEGER NOT NULL,
	own_place VARCHAR NOT NULL,
	why_not_testable VARCHAR NOT NULL,
	why_not_testable_code VARCHAR NOT NULL,
	why_not_testable_parameters JSON NOT NULL,
	evidence_done BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(search_id) REFERENCES search (id) ON DELETE CASCADE
);

CREATE TABLE claim_cell (
	id INTEGER NOT NULL,
	claim_id INTEGER NOT NULL,
	passage_id INTEGER NOT NULL,
	against_id INTEGER,
	number VARCHAR NOT NULL,
	matched JSON NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(against_id) REFERENCES passage (id) ON DELETE CASCADE,
	FOREIGN KEY(claim_id) REFERENCES claim (id) ON DELETE CASCADE,
	FOREIGN KEY(passage_id) REFERENCES passage (id) ON DELETE CASCADE,
	UNIQUE (claim_id, passage_id, number)
);

CREATE TABLE claim_source (
	claim_id INTEGER NOT NULL,
	passage_id INTEGER NOT NULL,
	PRIMARY KEY (claim_id, passage_id),
	FOREIGN KEY(claim_id) REFERENCES claim (id) ON DELETE CASCADE,
	FOREIGN KEY(passage_id) REFERENCES passage (id) ON DELETE CASCADE
);

CREATE TABLE duplicate (
	id INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	paper_id INTEGER NOT NULL,
	other_id INTEGER,
	records JSON NOT NULL,
	others JSON NOT NULL,
	rule VARCHAR NOT NULL,
	"by" VARCHAR NOT NULL,
	evidence JSON NOT NULL,
	reason VARCHAR NOT NULL,
	created VARCHAR NOT NULL,
	undone VARCHAR,
	PRIMARY KEY (id),
	FOREIGN KEY(other_id) REFERENCES paper (id),
	FOREIGN KEY(paper_id) REFERENCES paper (id) ON DELETE CASCADE
);

CREATE TABLE evidence (
	id INTEGER NOT NULL,
	claim_id INTEGER NOT NULL,
	passage_id INTEGER NOT NULL,
	stance VARCHAR NOT NULL,
	confidence FLOAT NOT NULL,
	relation VARCHAR NOT NULL,
	method VARCHAR NOT NULL,
	note VARCHAR NOT NULL,
	cells JSON NOT NULL,
	location VARCHAR NOT NULL,
	rank INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(claim_id) REFERENCES claim (id) ON DELETE CASCADE,
	FOREIGN KEY(passage_id) REFERENCES passage (id) ON DELETE CASCADE,
	UNIQUE (claim_id, passage_id)
);

CREATE TABLE hit (
	id INTEGER NOT NULL,
	source_query_id INTEGER NOT NULL,
	paper_record_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(paper_record_id) REFERENCES paper_record (id) ON DELETE CASCADE,
	FOREIGN KEY(source_query_id) REFERENCES source_query (id) ON DELETE CASCADE,
	UNIQUE (source_query_id, position)
);

CREATE TABLE link (
	id INTEGER NOT NULL,
	claim_id INTEGER NOT NULL,
	prediction_id INTEGER NOT NULL,
	experiment VARCHAR NOT NULL,
	contrast VARCHAR NOT NULL,
	strength FLOAT NOT NULL,
	matched JSON NOT NULL,
	unmatched JSON NOT NULL,
	unmatched_codes JSON NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(claim_id) REFERENCES claim (id) ON DELETE CASCADE,
	FOREIGN KEY(prediction_id) REFERENCES prediction (id) ON DELETE CASCADE,
	UNIQUE (prediction_id, experiment, contrast)
);

CREATE TABLE measurement (
	id INTEGER NOT NULL,
	run_id INTEGER NOT NULL,
	arm VARCHAR NOT NULL,
	seed INTEGER NOT NULL,
	language VARCHAR NOT NULL,
	metric VARCHAR NOT NULL,
	value FLOAT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE,
	UNIQUE (run_id, arm, seed, language, metric)
);

CREATE TABLE paper (
	id INTEGER NOT NULL,
	title VARCHAR NOT NULL,
	title_key VARCHAR NOT NULL,
	authors JSON NOT NULL,
	year INTEGER,
	abstract VARCHAR NOT NULL,
	url VARCHAR NOT NULL,
	arxiv_id VARCHAR NOT NULL,
	doi VARCHAR NOT NULL,
	acl_id VARCHAR NOT NULL,
	withdrawn BOOLEAN NOT NULL,
	retracted VARCHAR NOT NULL,
	retracted_source VARCHAR NOT NULL,
	retracted_date VARCHAR NOT NULL,
	comment VARCHAR NOT NULL,
	publication_type VARCHAR NOT NULL,
	venue VARCHAR NOT NULL,
	volume VARCHAR NOT NULL,
	issue VARCHAR NOT NULL,
	page_range VARCHAR NOT NULL,
	publisher VARCHAR NOT NULL,
	journal_reference VARCHAR NOT NULL,
	published_year INTEGER,
	pdf_path VARCHAR NOT NULL,
	pdf_sha256 VARCHAR NOT NULL,
	pdf_record INTEGER,
	pages INTEGER,
	text_state VARCHAR NOT NULL,
	text_reason VARCHAR NOT NULL,
	text_reason_code VARCHAR NOT NULL,
	text_reason_parameters JSON NOT NULL,
	joined_into INTEGER,
	PRIMARY KEY (id)
);

CREATE TABLE paper_record (
	id INTEGER NOT NULL,
	paper_id INTEGER NOT NULL,
	source VARCHAR NOT NULL,
	source_id VARCHAR NOT NULL,
	version VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	url VARCHAR NOT NULL,
	pdf_url VARCHAR NOT NULL,
	content JSON NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(paper_id) REFERENCES paper (id) ON DELETE CASCADE,
	UNIQUE (source, source_id, version)
);

CREATE TABLE passage (
	id INTEGER NOT NULL,
	paper_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	text VARCHAR NOT NULL,
	quote VARCHAR NOT NULL,
	page INTEGER NOT NULL,
	spans JSON NOT NULL,
	sha256 VARCHAR NOT NULL,
	section VARCHAR NOT NULL,
	row_head VARCHAR NOT NULL,
	column_head VARCHAR NOT NULL,
	table_label VARCHAR NOT NULL,
	bold BOOLEAN NOT NULL,
	best VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(paper_id) REFERENCES paper (id) ON DELETE CASCADE,
	UNIQUE (paper_id, position)
);

CREATE TABLE prediction (
	id INTEGER NOT NULL,
	claim_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	treatment VARCHAR NOT NULL,
	baseline VARCHAR NOT NULL,
	task VARCHAR NOT NULL,
	metric VARCHAR NOT NULL,
	direction VARCHAR NOT NULL,
	value FLOAT,
	unit VARCHAR NOT NULL,
	scope JSON NOT NULL,
	hedge VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(claim_id) REFERENCES claim (id) ON DELETE CASCADE,
	UNIQUE (claim_id, position)
);

CREATE TABLE record_key (
	id INTEGER NOT NULL,
	paper_record_id INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	value VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(paper_record_id) REFERENCES paper_record (id) ON DELETE CASCADE
);

CREATE TABLE reference (
	id INTEGER NOT NULL,
	paper_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	text VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(paper_id) REFERENCES paper (id) ON DELETE CASCADE,
	UNIQUE (paper_id, position)
);

CREATE TABLE report (
	id INTEGER NOT NULL,
	search_id INTEGER NOT NULL,
	path VARCHAR NOT NULL,
	format VARCHAR NOT NULL,
	sha256 VARCHAR NOT NULL,
	score FLOAT,
	created VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(search_id) REFERENCES search (id) ON DELETE CASCADE
);

CREATE TABLE review (
	id INTEGER NOT NULL,
	search_id INTEGER NOT NULL,
	reviewer VARCHAR NOT NULL,
	score FLOAT NOT NULL,
	checks JSON NOT NULL,
	created VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(search_id) REFERENCES search (id) ON DELETE CASCADE
);

CREATE TABLE run (
	id INTEGER NOT NULL,
	claim_id INTEGER NOT NULL,
	prediction_id INTEGER NOT NULL,
	experiment VARCHAR NOT NULL,
	contrast VARCHAR NOT NULL,
	fidelity VARCHAR NOT NULL,
	spec JSON NOT NULL,
	spec_hash VARCHAR NOT NULL,
	request JSON NOT NULL,
	process INTEGER,
	looks JSON NOT NULL,
	registered VARCHAR NOT NULL,
	state VARCHAR NOT NULL,
	started VARCHAR,
	finished VARCHAR,
	seconds FLOAT,
	gate JSON NOT NULL,
	stages JSON NOT NULL,
	provenance JSON NOT NULL,
	error VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(claim_id) REFERENCES claim (id) ON DELETE CASCADE,
	FOREIGN KEY(prediction_id) REFERENCES prediction (id) ON DELETE CASCADE
);

CREATE TABLE screening (
	id INTEGER NOT NULL,
	search_id INTEGER NOT NULL,
	paper_id INTEGER NOT NULL,
	decision VARCHAR NOT NULL,
	reason VARCHAR NOT NULL,
	reason_code VARCHAR NOT NULL,
	reason_parameters JSON NOT NULL,
	"by" VARCHAR NOT NULL,
	rank INTEGER,
	score FLOAT,
	relevance JSON NOT NULL,
	claims_done BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(paper_id) REFERENCES paper (id) ON DELETE CASCADE,
	FOREIGN KEY(search_id) REFERENCES search (id) ON DELETE CASCADE,
	UNIQUE (search_id, paper_id)
);

CREATE TABLE screening_event (
	id INTEGER NOT NULL,
	search_id INTEGER NOT NULL,
	paper_id INTEGER NOT NULL,
	decision VARCHAR NOT NULL,
	reason VARCHAR NOT NULL,
	reason_code VARCHAR NOT NULL,
	reason_parameters JSON NOT NULL,
	who VARCHAR NOT NULL,
	decided VARCHAR NOT NULL,
	drawn VARCHAR NOT NULL,
	chance FLOAT,
	undecided INTEGER NOT NULL,
	works INTEGER NOT NULL,
	"before" JSON NOT NULL,
	undoes INTEGER,
	PRIMARY KEY (id),
	FOREIGN KEY(paper_id) REFERENCES paper (id) ON DELETE CASCADE,
	FOREIGN KEY(search_id) REFERENCES search (id) ON DELETE CASCADE
);

CREATE TABLE search (
	id INTEGER NOT NULL,
	question VARCHAR NOT NULL,
	"key" VARCHAR NOT NULL,
	sources JSON NOT NULL,
	options JSON NOT NULL,
	state VARCHAR NOT NULL,
	complete BOOLEAN NOT NULL,
	created VARCHAR NOT NULL,
	finished VARCHAR,
	PRIMARY KEY (id)
);

CREATE TABLE source_query (
	id INTEGER NOT NULL,
	search_id INTEGER NOT NULL,
	source VARCHAR NOT NULL,
	"query" VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	request VARCHAR NOT NULL,
	max_hits INTEGER,
	started VARCHAR,
	finished VARCHAR,
	status VARCHAR NOT NULL,
	error VARCHAR NOT NULL,
	remedy VARCHAR NOT NULL,
	retries INTEGER NOT NULL,
	requests INTEGER NOT NULL,
	pages INTEGER NOT NULL,
	kept_pages INTEGER NOT NULL,
	total INTEGER,
	hits INTEGER NOT NULL,
	taken INTEGER NOT NULL,
	new INTEGER NOT NULL,
	warnings JSON NOT NULL,
	undecided JSON NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(search_id) REFERENCES search (id) ON DELETE CASCADE,
	UNIQUE (search_id, source, "query")
);

CREATE TABLE verdict (
	id INTEGER NOT NULL,
	claim_id INTEGER NOT NULL,
	prediction_id INTEGER NOT NULL,
	run_id INTEGER NOT NULL,
	verdict VARCHAR NOT NULL,
	fidelity VARCHAR NOT NULL,
	estimate FLOAT,
	ci_low FLOAT,
	ci_high FLOAT,
	level FLOAT NOT NULL,
	unit VARCHAR NOT NULL,
	seeds INTEGER NOT NULL,
	reason VARCHAR NOT NULL,
	reason_codes JSON NOT NULL,
	deviations JSON NOT NULL,
	deviation_codes JSON NOT NULL,
	created VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(claim_id) REFERENCES claim (id) ON DELETE CASCADE,
	FOREIGN KEY(prediction_id) REFERENCES prediction (id) ON DELETE CASCADE,
	FOREIGN KEY(run_id) REFERENCES run (id) ON DELETE CASCADE
);

CREATE INDEX ix_answer_search_id ON answer (search_id);

CREATE INDEX ix_answer_source_query_id ON answer (source_query_id);

CREATE INDEX ix_claim_search_id ON claim (search_id);

CREATE INDEX ix_claim_cell_claim_id ON claim_cell (claim_id);

CREATE INDEX ix_claim_cell_passage_id ON claim_cell (passage_id);

CREATE INDEX ix_duplicate_paper_id ON duplicate (paper_id);

CREATE INDEX ix_evidence_claim_id ON evidence (claim_id);

CREATE INDEX ix_evidence_passage_id ON evidence (passage_id);

CREATE INDEX ix_hit_paper_record_id ON hit (paper_record_id);

CREATE INDEX ix_hit_source_query_id ON hit (source_query_id);

CREATE INDEX ix_link_claim_id ON link (claim_id);

CREATE INDEX ix_link_prediction_id ON link (prediction_id);

CREATE INDEX ix_measurement_run_id ON measurement (run_id);

CREATE INDEX ix_paper_acl_id ON paper (acl_id);

CREATE INDEX ix_paper_arxiv_id ON paper (arxiv_id);

CREATE INDEX ix_paper_doi ON paper (doi);

CREATE INDEX ix_paper_pdf_sha256 ON paper (pdf_sha256);

CREATE INDEX ix_paper_title_key ON paper (title_key);

CREATE INDEX ix_paper_record_paper_id ON paper_record (paper_id);

CREATE INDEX ix_passage_paper_id ON passage (paper_id);

CREATE INDEX ix_prediction_claim_id ON prediction (claim_id);

CREATE INDEX ix_record_key_kind_value ON record_key (kind, value);

CREATE INDEX ix_record_key_paper_record_id ON record_key (paper_record_id);

CREATE INDEX ix_reference_paper_id ON reference (paper_id);

CREATE INDEX ix_report_search_id ON report (search_id);

CREATE INDEX ix_review_search_id ON review (search_id);

CREATE INDEX ix_run_claim_id ON run (claim_id);

CREATE INDEX ix_run_prediction_id ON run (prediction_id);

CREATE INDEX ix_run_spec_hash ON run (spec_hash);

CREATE TRIGGER run_no_delete BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT, 'runs are append-only'); END;

CREATE TRIGGER run_spec_fixed BEFORE UPDATE OF spec, spec_hash, registered ON run WHEN NEW.spec IS NOT OLD.spec OR NEW.spec_hash IS NOT OLD.spec_hash OR NEW.registered IS NOT OLD.registered BEGIN SELECT RAISE(ABORT, 'a registered specification is never changed'); END;

CREATE INDEX ix_screening_paper_id ON screening (paper_id);

CREATE INDEX ix_screening_search_id ON screening (search_id);

CREATE INDEX ix_screening_event_paper_id ON screening_event (paper_id);

CREATE INDEX ix_screening_event_search_id ON screening_event (search_id);

CREATE INDEX ix_search_key ON search ("key");

CREATE INDEX ix_source_query_search_id ON source_query (search_id);

CREATE INDEX ix_verdict_claim_id ON verdict (claim_id);

CREATE INDEX ix_verdict_prediction_id ON verdict (prediction_id);

CREATE INDEX ix_verdict_run_id ON verdict (run_id);

CREATE TRIGGER verdict_no_delete BEFORE DELETE ON verdict BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;

CREATE TRIGGER verdict_no_update BEFORE UPDATE ON verdict BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
