package docs

import (
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/internal/account"
)

// TestAuthorPolicy sees that the policy that operations.md has for authors lets
// them write scripts and submit them, and keeps them from what a review is to
// keep them from.
func TestAuthorPolicy(t *testing.T) {
	_, rest, found := strings.Cut(read(t, "operations.md"), "\n`author.json`:\n")
	if !found {
		t.Fatal("operations.md has no author.json")
	}
	policy, err := account.ParsePolicy([]byte(fenced(rest, "json")[0]))
	if err != nil {
		t.Fatal(err)
	}
	for action, allowed := range map[string]bool{
		"PublishScript": false, "ApproveScriptReview": false, "RollbackScript": false,
		"CreateScript": true, "ModifyDialogueFlow": true, "SubmitScriptReview": true, "WithdrawScriptReview": true,
		"PublishScriptForDebug": true, "Dialogue": true, "ListScripts": true,
	} {
		if policy.Allows(action) != allowed {
			t.Errorf("%s: allowed is %v", action, !allowed)
		}
	}
}
