package dirstore_test

import (
	"path/filepath"
	"testing"

	"jurat/internal/vault"
	"jurat/internal/vault/dirstore"
	"jurat/internal/vault/vaulttest"
)

func TestStore(t *testing.T) {
	vaulttest.Run(t, func(t *testing.T) vault.Store {
		s, err := dirstore.Create(filepath.Join(t.TempDir(), "vault"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
