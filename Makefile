# The four commands a newcomer needs. CI runs test and check, and then the race
# detector (.ci/run).
export CGO_ENABLED = 0
.PHONY: demo test check bench
demo:
	go run ./cmd/jurat demo
test:
	./scripts/test
check:
	./scripts/check
bench:
	./scripts/bench
