package sdktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// extras are the actions that the SDK has and the server answers beside the 73
// of the reference.
var extras = []string{
	"PublishScript", "GenerateUploadUrl", "TaskPreparing", "InflightTaskTimeout", "SubmitRecording", "TerminateCall", "GetTaskByUuid",
	"GetContactBlockList", "SaveContactBlockList", "DeleteContactBlockList", "CreateJobGroupExportTask",
	"DescribeJobGroupExportTaskProgress", "DescribeGroupExecutingInfo", "DescribeDialogueNodeStatistics", "DescribeIntentStatistics",
}

// called are the actions that succeeded at least once in this run.
var called = struct {
	sync.Mutex
	actions map[string]bool
}{actions: make(map[string]bool)}

func noteCalled(action string) {
	called.Lock()
	defer called.Unlock()
	called.actions[action] = true
}

// checkCoverage returns an error that names the actions no test has called with
// success.
func checkCoverage() error {
	data, err := os.ReadFile(filepath.Join("..", "testdata", "openapi-facts.json"))
	if err != nil {
		return err
	}
	var facts []struct {
		Action string `json:"action"`
	}
	if err := json.Unmarshal(data, &facts); err != nil {
		return err
	}
	missing := make(map[string]bool)
	for _, fact := range facts {
		missing[fact.Action] = true
	}
	for _, extra := range extras {
		missing[extra] = true
	}
	of := len(missing)
	maps.DeleteFunc(missing, func(action string, _ bool) bool { return called.actions[action] })
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("of %d actions the tests never call %d with success: %s",
		of, len(missing), strings.Join(slices.Sorted(maps.Keys(missing)), ", "))
}
