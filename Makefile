# One door. `make check` is what CI runs, in the order of a developer's patience.

.PHONY: check mutants-check test lint format build demo conformance mutants example bench peers simulate sanitize golden clean

check: lint mutants-check test

test:
	scripts/test

lint:
	scripts/lint

format:
	swift format --in-place --recursive Sources Tests Benchmarks Examples/OwnStrategy/Sources Examples/OwnStrategy/Tests Package.swift

build:
	swift build --configuration release --product runner

demo:
	scripts/demo

# Against the golden runs of an independent implementation (needs ../shared).
conformance:
	scripts/conformance

# Breaks one rule of SEMANTICS at a time and sees that a test notices. Slow.
mutants:
	scripts/mutants

# Only whether the list still fits the sources; builds nothing.
mutants-check:
	scripts/mutants --check

# Builds and runs the package in Examples/OwnStrategy.
example:
	scripts/example

# Timings beside C, for reading only: make bench SUITE=engine
SUITE ?= all
bench:
	swift run --configuration release benchmarks $(SUITE)

# The same strategy in other people's backtesters, installed from PyPI under .build.
peers:
	Benchmarks/peers/run

# Long runs of the seeded tests: make simulate SEEDS=5000
SEEDS ?= 1000
simulate:
	SEED_COUNT=$(SEEDS) swift test --filter 'SimulationTests|PropertyTests|ConfluenceEntryTests|RatchetExitTests'

sanitize:
	swift test --sanitize=address --scratch-path .build-asan
	swift test --sanitize=thread --scratch-path .build-tsan

# Rewrites golden texts beside the tests; read the diff before you commit it.
golden:
	UPDATE_GOLDEN=1 swift test --filter 'ConfigurationTests|ReportingTests'

clean:
	rm -rf .build .build-asan .build-tsan .build-static
