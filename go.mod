module jurat

go 1.26.8

// Store.
require (
	github.com/jackc/pgx/v5 v5.12.0 // the register on a PostgreSQL server
	golang.org/x/text v0.43.0 // folds the words of the index alike for both engines; names languages
	modernc.org/sqlite v1.60.1 // the register in one file, without a C compiler
)

// Ledger and letter.
require (
	filippo.io/age v1.3.2 // encrypts a dossier to the office that receives it
	github.com/digitorus/pkcs7 v0.0.0-20230713084857-e76b763bdc49 // the attributes and the chain of a token, which timestamp does not show
	github.com/digitorus/timestamp v0.0.0-20250524132541-c45532741eea // reads RFC 3161 time-stamp tokens; later versions need a newer Go
	github.com/transparency-dev/formats v0.1.1 // cosignatures of witnesses
	golang.org/x/mod v0.42.0 // tlog and note: the arithmetic and the signatures of a transparency log, as Go's own checksum database has them
)

// Orders.
require (
	cel.dev/cel-go v0.32.0 // conditions: typed with the file, limited in cost, without side effects
	github.com/goccy/go-yaml v1.19.2 // the file, with the line and column of everything in it
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // fields of a record type, by JSON Schema 2020-12
)

// Door.
require (
	github.com/BurntSushi/toml v1.6.0 // jurat.toml, with every unknown key told
	github.com/alecthomas/kong v1.17.0 // the command line, its help and its completion from one declaration
	golang.org/x/sys v0.49.0 // how much room a disk has; memory that is a file, and the system calls a sandbox refuses
)

// Counter.
require (
	github.com/danielgtaylor/huma/v2 v2.37.2 // operations for programs, and the OpenAPI 3.1 document, from one declaration
	github.com/nicksnyder/go-i18n/v2 v2.7.0 // the catalogues of the pages, with each language's own plurals
	github.com/prometheus/client_golang v1.25.0 // numbers for whoever runs the machine, in the form every collector reads
)

// Access.
require (
	github.com/cedar-policy/cedar-go v1.9.0 // policies that are files: a forbid no permit outweighs
	github.com/coreos/go-oidc/v3 v3.21.0 // single sign-on: discovery, and whether a token is of its issuer
	github.com/go-webauthn/webauthn v0.18.2 // passkeys: the two ceremonies, and how authenticators spell their keys
	github.com/pquerna/otp v1.5.0 // codes of RFC 6238, and the picture a phone reads them from
	golang.org/x/crypto v0.58.0 // argon2id for passwords
	golang.org/x/oauth2 v0.38.0 // single sign-on: the code for the token, with PKCE
)

// Media.
require github.com/bep/imagemeta v1.0.1 // what a picture says beside its pixels, read in Go

// Tests.
require (
	github.com/rogpeppe/go-internal v1.16.0 // testscript: each verb by a script
	go.uber.org/goleak v1.3.0 // no goroutine outlives its room
	pgregory.net/rapid v1.3.0 // properties, with a failing case made small
)

// What those need.
require (
	cel.dev/expr v0.25.1 // indirect
	filippo.io/hpke v0.4.0 // indirect
	filippo.io/mldsa v0.0.0-20260215214346-43d0283efc3e // indirect
	github.com/antlr4-go/antlr/v4 v4.13.1 // indirect
	github.com/boombuler/barcode v1.0.1-0.20190219062509-6c824513bacc // indirect
	github.com/dustin/go-humanize v1.0.1 // indirect
	github.com/fxamacker/cbor/v2 v2.9.4 // indirect
	github.com/go-jose/go-jose/v4 v4.1.4 // indirect
	github.com/go-json-experiment/json v0.0.0-20260820222146-c27c302e5fc3 // indirect
	github.com/go-viper/mapstructure/v2 v2.5.0 // indirect
	github.com/go-webauthn/x v0.3.1 // indirect
	github.com/golang-jwt/jwt/v5 v5.3.1 // indirect
	github.com/google/go-tpm v0.9.8 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/ncruces/go-strftime v1.0.0 // indirect
	github.com/philhofer/fwd v1.2.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/tinylib/msgp v1.6.4 // indirect
	github.com/x448/float16 v0.8.4 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/exp v0.0.0-20240823005443-9b4947da3948 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/tools v0.51.0 // indirect
	google.golang.org/genproto/googleapis/api v0.0.0-20240826202546-f6391c0de4c7 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20240826202546-f6391c0de4c7 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
	modernc.org/libc v1.77.1 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)

require (
	github.com/beorn7/perks v1.0.1 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/prometheus/client_model v0.6.3 // indirect
	github.com/prometheus/common v0.72.0 // indirect
	github.com/prometheus/procfs v0.22.0 // indirect
)
