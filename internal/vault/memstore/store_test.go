package memstore_test

import (
	"testing"

	"jurat/internal/vault"
	"jurat/internal/vault/memstore"
	"jurat/internal/vault/vaulttest"
)

func TestStore(t *testing.T) {
	vaulttest.Run(t, func(t *testing.T) vault.Store { return memstore.New() })
}
