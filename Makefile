# One door. `make check` is what every change must pass; CI runs .ci/run.

.PHONY: check clients conformance-live crash sanitize-torture storm torture torture-mutants fuzz look freqtrade nightly mutants-check test lint format build demo conformance mutants example bench peers seeds simulate sanitize golden clean

check: lint mutants-check test

test:
	scripts/test

lint:
	scripts/lint

format:
	swift format --in-place --recursive Sources Tests Benchmarks Package.swift \
	  Fuzzing/Sources Fuzzing/Package.swift \
	  Examples/OwnStrategy/Sources Examples/OwnStrategy/Tests Examples/OwnStrategy/Package.swift

build:
	swift build --configuration release --product runner

demo:
	scripts/demo

# Against the golden runs of an independent implementation (needs ../shared).
conformance:
	scripts/conformance

# The same by way of an exchange: `live` and `paper` on the sandbox in lockstep. Some ten minutes.
conformance-live:
	scripts/conformance --live

# Breaks one rule of SEMANTICS at a time and sees that a test notices. Slow.
mutants:
	scripts/mutants

# Only whether the list still fits the sources; builds nothing.
mutants-check:
	scripts/mutants --check

# Builds and runs the package in Examples/OwnStrategy.
example:
	scripts/example --release

# Timings beside C, for reading only: make bench SUITE=engine
SUITE ?= all
bench:
	swift run --configuration release benchmarks $(SUITE)

# The same strategy in other people's backtesters, installed from PyPI under .build.
peers:
	Benchmarks/peers/run

# Kills runs that are kept in a database, 300 times: make crash KILLS=2000
KILLS ?= 300
crash:
	scripts/crash --kills $(KILLS)

# Sessions on a local exchange, killed at random and checked against its books: make torture TORTURE_SEEDS=10000
TORTURE_SEEDS ?= 300
torture:
	scripts/torture --seeds $(TORTURE_SEEDS)

# A day of the market in which every socket is cut off again and again; memory and files must not grow.
storm:
	scripts/torture --storm --every 10
	scripts/torture --storm --every 3

# Breaks engine and session in fourteen ways, and scripts/torture must find each. A quarter of an hour or more.
torture-mutants:
	scripts/mutants --torture

# Seeds of scripts/torture with the sanitizers of threads and of addresses.
sanitize-torture:
	scripts/sanitize 10

# Coinbase's own Python library and ccxt trade on the sandbox; they come from PyPI into .venv.
clients:
	scripts/clients

# Looks for inputs that crash or confuse the readers: make fuzz FUZZ_SECONDS=1200
FUZZ_SECONDS ?= 60
fuzz:
	scripts/fuzz --seconds $(FUZZ_SECONDS)

# Pictures of the HTML report, where Chromium is installed.
look:
	scripts/look .build/look

# Whether freqtrade's own tools read our export; installs freqtrade from PyPI.
freqtrade:
	scripts/check-freqtrade

# What is too long for CI.
nightly: mutants torture-mutants sanitize sanitize-torture storm example peers freqtrade conformance-live
	$(MAKE) torture TORTURE_SEEDS=10000
	$(MAKE) simulate SEEDS=2000
	$(MAKE) seeds
	$(MAKE) fuzz FUZZ_SECONDS=1200
	$(MAKE) crash KILLS=2000

# Long runs of the seeded tests: make simulate SEEDS=5000
SEEDS ?= 1000
simulate:
	SEED_COUNT=$(SEEDS) scripts/test --filter 'SimulationTests|PropertyTests|ConfluenceEntryTests|RatchetExitTests'

# All other seeded tests, those apart that run programs or wait: make seeds SEEDS_OF_ALL=1000
SEEDS_OF_ALL ?= 200
seeds:
	SEED_COUNT=$(SEEDS_OF_ALL) scripts/test \
	  --skip 'SessionTests|RunnerTests|NetworkTests' \
	  --skip 'SimulationTests|PropertyTests|ConfluenceEntryTests|RatchetExitTests'

sanitize:
	BUILD_FOLDER=.build-asan scripts/whole test --sanitize=address
	BUILD_FOLDER=.build-tsan scripts/whole test --sanitize=thread

# Rewrites golden texts beside the tests; read the diff before you commit it.
golden:
	UPDATE_GOLDEN=1 scripts/test --filter 'ConfigurationTests|ReportingTests'

clean:
	rm -rf .build .build-whole .build-asan .build-tsan .build-static
