package register

import (
	"slices"
	"testing"
)

// A migration that is released is never edited: databases remember what they
// had. A new line here is a new migration; a changed one is a broken promise.
var frozen = map[string][]string{
	"sqlite": {
		"0001_record 847d278e23be527cd5a1cd25e61d35e9c1a2bdbeb7227aae9f34787064d7ba26",
		"0002_draft dacc735485e2b70dfdb9ba500a3451691d79a554673a04b533a8e6788051740e",
		"0003_login b6ec8c4f1187100443b9bed9cdb4269dd6452ecf56c184826f8dd7fa96aaf279",
		"0004_first_event 4a1beb03299d98e48acaac52f282167ffbe07b25cc7179973742f1cdf44ad504",
		"0005_upload 19de59885ec7f3bcb0174663af7ac70a1988d9917014d98562b4453c72342bf1",
		"0006_api 3305f4aced826c6ed6e126dfe440cd62bda1a165c833b0b7503b2dc970085bf4",
		"0007_parcel a7359dbddd928b9aef4cc21f668b6dcfc5ff1856f22ffdebdb87bd561f507d36",
		"0008_words 2c9e0ab6408de25e4e5caf36028171547fa17cf93469da485dba70fd26e99c75",
		"0009_journal_of d6c9991514972338b051e1605597f91ca14181c86a5e8f5946ecf12d056c8a82",
	},
	"postgres": {
		"0001_record ca3f6d44f4d5825d9c904a2b6bee6c7c8dab3796000fed31775fea5f2fcaad12",
		"0002_draft bcbc66d9ebfda57790e6b677325144cc7c16628b85daee894e6914aa1506a2b8",
		"0003_login dd0d57f2e000961a5a61527e0b47983140b4df8aea37e4c97c3d760b0fbb2b95",
		"0004_first_event 78b7ac3fcd192bd4eee1acb85d766dde3cc535bd24b4e1cd7495de3021d2ecab",
		"0005_upload 50652169ba6d2d8cec34fa4de01869f572f575b990ea42bc9f1caac16d4d01ed",
		"0006_api 89d8dc8595405d3d638886a8acf0fadf4c7c834cb531e6cde1a73f1918bf8a44",
		"0007_parcel f15c32603d20698822a9348219a8af90c9261eaab3912680bb980e507a640906",
		"0008_words 3fa864c99fb6a705a85f03c468baed6c8c11d5248ad0603d01b8138b6d96cac8",
		"0009_journal_of d6c9991514972338b051e1605597f91ca14181c86a5e8f5946ecf12d056c8a82",
	},
}

func TestReleasedMigrationsAreFrozen(t *testing.T) {
	for engine, want := range frozen {
		all, err := migrationsOf(engine)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range all {
			got = append(got, fileName(m)+" "+m.hash)
		}
		if !slices.Equal(got, want) {
			t.Errorf("migrations of %s:\n got %q\nwant %q", engine, got, want)
		}
	}
}

func TestBothEnginesHaveTheSameNumbers(t *testing.T) {
	a, err := migrationsOf("sqlite")
	if err != nil {
		t.Fatal(err)
	}
	b, err := migrationsOf("postgres")
	if err != nil {
		t.Fatal(err)
	}
	if len(a) != len(b) {
		t.Fatalf("%d migrations and %d", len(a), len(b))
	}
	for i := range a {
		if fileName(a[i]) != fileName(b[i]) {
			t.Errorf("migration %s on one engine and %s on the other", fileName(a[i]), fileName(b[i]))
		}
	}
}
