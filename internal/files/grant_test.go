package files

import (
	"testing"
	"time"
)

// FuzzURL holds the parser to this: what it takes is a grant that means the
// same when it is written again, and nothing but a signature of it is one.
func FuzzURL(f *testing.F) {
	home := &Files{o: Options{URL: "https://bot.example.com"}, signer: signer{[]byte("secret")}}
	f.Add(home.url(grant{get, "id-001", 1893456000}))
	f.Add(home.url(grant{put, "id-001", 1893456000}))
	f.Add("https://bot.example.com/files/id-001?Signature=&Expires=-1")
	f.Add("/files/a?Expires=1&Expires=2&Signature=x")
	f.Add("//files/a%2e%2e?Expires=0x10&Signature=%zz")
	f.Fuzz(func(t *testing.T, signed string) {
		g, signature, err := parseURL(signed)
		if err != nil {
			return
		}
		if !isID(g.id) {
			t.Fatalf("%q is no id", g.id)
		}
		g.use = get
		again, own, err := parseURL(home.url(g))
		again.use = get
		if err != nil || again != g || !home.signer.signed(g, own) {
			t.Fatalf("%q is %v, written again %v: %v", signed, g, again, err)
		}
		if other := (signer{[]byte("other")}); other.signed(g, signature) {
			t.Fatalf("%q is signed with a secret that nobody has", signed)
		}
	})
}

func FuzzPolicy(f *testing.F) {
	f.Add(grant{put, "id-001", 1893456000}.policy())
	f.Add("UFVUCmlkLTAwMQox")
	f.Add("UFVUCmlkLTAwMQorMQ==")
	f.Fuzz(func(t *testing.T, policy string) {
		if g, err := parsePolicy(policy); err == nil && (g.policy() != policy || !isID(g.id)) {
			t.Fatalf("%q is %v, written again %q", policy, g, g.policy())
		}
	})
}

func TestExpired(t *testing.T) {
	g := grant{expires: 1000}
	for at, want := range map[int64]bool{999: false, 1000: true, 1001: true} {
		if g.expired(time.Unix(at, 0)) != want {
			t.Errorf("at %d: %v", at, !want)
		}
	}
}
