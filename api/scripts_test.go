package api

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
)

// fakeFiles keeps files in memory, by URLs of its own.
type fakeFiles struct {
	mu    sync.Mutex
	files map[string][]byte
}

func newFakeFiles() *fakeFiles { return &fakeFiles{files: map[string][]byte{}} }

func (f *fakeFiles) Put(_ context.Context, name, contentType string, data []byte) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	url := fmt.Sprintf("https://files.example/%d/%s?type=%s", len(f.files), name, contentType)
	f.files[url] = data
	return url, nil
}

func (f *fakeFiles) Read(_ context.Context, url string) ([]byte, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !strings.HasPrefix(url, "https://files.example/") {
		return nil, false, nil
	}
	data, ok := f.files[url]
	if !ok {
		return nil, true, fmt.Errorf("it expired: %w", script.ErrNoFile)
	}
	return data, true, nil
}

// script makes an empty script and returns its id.
func (c *served) script(instance, name string) string {
	c.t.Helper()
	made := c.must("CreateScript", "InstanceId", instance, "ScriptName", name, "Industry", "教育", "Scene", "回访")
	return made.at(c.t, "Script", "ScriptId").(string)
}

// imported makes a script of a bundle of the repository and returns its id.
func (c *served) imported(instance, bundle string) string {
	c.t.Helper()
	folder := os.DirFS(filepath.Join("..", "testdata", "scripts", bundle))
	loaded, err := flow.Load(folder)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.importedDocument(instance, string(loaded.Document()))
}

// importedDocument makes a script of a bundle in one document.
func (c *served) importedDocument(instance, document string) string {
	c.t.Helper()
	url, err := c.files.Put(c.t.Context(), "bundle.json", "application/json", []byte(document))
	if err != nil {
		c.t.Fatal(err)
	}
	return c.must("ImportScript", "InstanceId", instance, "SignatureUrl", url).at(c.t, "ScriptId").(string)
}

func TestScripts(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance := c.newInstance("一")
		made := c.must("CreateScript", "InstanceId", instance, "ScriptName", "课程回访", "Industry", "教育", "Scene", "回访",
			"ScriptDescription", "请家长打分。\n再约时间。")
		id := made.at(t, "Script", "ScriptId").(string)
		want := answer{
			"ScriptId": id, "ScriptName": "课程回访", "ScriptDescription": "请家长打分。\n再约时间。", "Industry": "教育", "Scene": "回访",
			"Status": "DRAFTED", "DebugStatus": "DRAFTED", "IsDrafted": true, "IsDebugDrafted": true,
			"UpdateTime": made.at(t, "Script", "UpdateTime"), "AppliedVersion": "", "DebugVersion": "", "RejectReason": "",
		}
		if diff := cmp.Diff(map[string]any(want), made.at(t, "Script")); diff != "" {
			t.Errorf("CreateScript (-want +got):\n%s", diff)
		}
		got := c.must("DescribeScript", "InstanceId", instance, "ScriptId", id)
		if diff := cmp.Diff(made.at(t, "Script"), got.at(t, "Script")); diff != "" {
			t.Errorf("DescribeScript is not what CreateScript answered:\n%s", diff)
		}

		changed := c.must("ModifyScript", "InstanceId", instance, "ScriptId", id, "ScriptName", "催缴", "Industry", "公用", "Scene", "通知")
		want["ScriptName"], want["Industry"], want["Scene"], want["ScriptDescription"] = "催缴", "公用", "通知", ""
		want["UpdateTime"] = changed.at(t, "Script", "UpdateTime")
		if diff := cmp.Diff(map[string]any(want), changed.at(t, "Script")); diff != "" {
			t.Errorf("ModifyScript (-want +got):\n%s", diff)
		}
		if changed.at(t, "Script", "UpdateTime").(float64) <= made.at(t, "Script", "UpdateTime").(float64) {
			t.Error("UpdateTime did not move on")
		}

		second := c.script(instance, "第二")
		list := c.must("ListScripts", "InstanceId", instance, "PageNumber", "1", "PageSize", "1")
		if got := list.at(t, "Scripts", "List", 0, "ScriptId"); got != second || list.at(t, "Scripts", "TotalCount") != 2.0 {
			t.Errorf("ListScripts: %v, want the newest of two", list)
		}
		c.must("DeleteScript", "InstanceId", instance, "ScriptId", id)
		c.refused("NotExist.Script", "DescribeScript", "InstanceId", instance, "ScriptId", id)
		if got := c.must("ListScripts", "InstanceId", instance).at(t, "Scripts", "TotalCount"); got != 1.0 {
			t.Errorf("%v scripts after one of two was deleted", got)
		}
		c.script(instance, "催缴") // The name is free again.
	})
}

// A new script has what to say when nothing else fits, and no flow.
func TestCreateScriptMakesSystemQuestions(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance := c.newInstance("一")
		d, err := c.store.Draft(t.Context(), instance, c.script(instance, "新"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, q := range d.Questions {
			if q.Type != store.SystemQuestion || len(q.Answers.List()) == 0 {
				t.Errorf("%+v is no SYSTEM question with answers", q)
			}
			got = append(got, q.Name+" "+q.Role)
		}
		if want := []string{"未识别 unrecognized", "静音 silence", "结束语 closing"}; !slices.Equal(got, want) || len(d.Flows) != 0 {
			t.Errorf("questions %q and %d flows, want %q and none", got, len(d.Flows), want)
		}
	})
}

// What may not be is refused by its code, and changes nothing.
func TestScriptsRefuse(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance, other := c.newInstance("一"), c.newInstance("二")
		id, foreign := c.script(instance, "甲"), c.script(other, "甲")
		c.script(instance, "乙")
		header := []string{"Industry", "教育", "Scene", "回访"}
		with := func(more ...string) []string { return append(slices.Clone(header), more...) }
		for _, tt := range []struct {
			code, action string
			parameters   []string
		}{
			{"MissingParameter", "CreateScript", []string{"InstanceId", instance, "ScriptName", "丙", "Industry", "教育"}},
			{"MissingParameter", "CreateScript", []string{"InstanceId", instance, "ScriptName", "丙", "Scene", "回访"}},
			{"MissingParameter", "CreateScript", with("InstanceId", instance)},
			{"MissingParameter", "CreateScript", with("ScriptName", "丙")},
			{"InvalidParameter", "CreateScript", with("InstanceId", instance, "ScriptName", strings.Repeat("长", 65))},
			{"InvalidParameter", "CreateScript", with("InstanceId", instance, "ScriptName", "丙\n")},
			{"InvalidParameter", "CreateScript", with("InstanceId", instance, "ScriptName", "丙", "ScriptDescription", strings.Repeat("长", 513))},
			{"InvalidScriptName.Duplicated", "CreateScript", with("InstanceId", instance, "ScriptName", "乙")},
			{"NotExist.Instance", "CreateScript", with("InstanceId", "nowhere", "ScriptName", "丙")},
			{"NotExist.Instance", "CreateScript", with("InstanceId", "' OR 1=1 --", "ScriptName", "丙")},
			{"InvalidScriptName.Duplicated", "ModifyScript", with("InstanceId", instance, "ScriptId", id, "ScriptName", "乙")},
			{"NotExist.Script", "ModifyScript", with("InstanceId", instance, "ScriptId", foreign, "ScriptName", "丙")},
			{"NotExist.Instance", "ModifyScript", with("InstanceId", "nowhere", "ScriptId", id, "ScriptName", "丙")},
			{"NotExist.Script", "DescribeScript", []string{"InstanceId", instance, "ScriptId", foreign}},
			{"NotExist.Script", "DescribeScript", []string{"InstanceId", instance, "ScriptId", "../" + id}},
			{"NotExist.Instance", "DescribeScript", []string{"InstanceId", "nowhere", "ScriptId", id}},
			{"NotExist.Script", "DeleteScript", []string{"InstanceId", instance, "ScriptId", foreign}},
			{"NotExist.Instance", "DeleteScript", []string{"InstanceId", "nowhere", "ScriptId", id}},
			{"NotExist.Instance", "ListScripts", []string{"InstanceId", "nowhere"}},
			{"InvalidParameter", "ListScripts", []string{"InstanceId", instance, "PageSize", "101"}},
			{"InvalidParameter", "ListScripts", []string{"InstanceId", instance, "PageNumber", "0"}},
			{"MissingParameter", "QueryScriptsByStatus", []string{"InstanceId", instance}},
			{"InvalidParameter", "QueryScriptsByStatus", []string{"InstanceId", instance, "StatusList.1", "published"}},
			{"NotExist.Instance", "QueryScriptsByStatus", []string{"InstanceId", "nowhere", "StatusList.1", "PUBLISHED"}},
			{"NotExist.Script", "DuplicateScript", []string{"InstanceId", instance, "SourceScriptId", foreign, "Name", "丙"}},
			{"NotExist.Instance", "DuplicateScript", []string{"InstanceId", "nowhere", "SourceScriptId", id, "Name", "丙"}},
			{"InvalidScriptName.Duplicated", "DuplicateScript", []string{"InstanceId", instance, "SourceScriptId", id, "Name", "乙"}},
			{"NotExist.Script", "ExportScript", []string{"InstanceId", instance, "ScriptId", foreign}},
			{"NotExist.Instance", "ImportScript", []string{"InstanceId", "nowhere", "SignatureUrl", "https://files.example/0/x"}},
			{"InvalidParameter", "ImportScript", []string{"InstanceId", instance, "SignatureUrl", "https://files.example/gone"}},
			{"InvalidParameter", "ImportScript", []string{"InstanceId", instance, "SignatureUrl", "http://169.254.169.254/latest/meta-data"}},
			{"InvalidParameter", "ImportScript", []string{"InstanceId", instance, "SignatureUrl", "file:///etc/passwd"}},
		} {
			c.refused(tt.code, tt.action, tt.parameters...)
		}
		if got := c.must("ListScripts", "InstanceId", instance).at(t, "Scripts", "TotalCount"); got != 2.0 {
			t.Errorf("%v scripts, want the two from before", got)
		}
		if got := c.must("DescribeScript", "InstanceId", instance, "ScriptId", id).at(t, "Script", "ScriptName"); got != "甲" {
			t.Errorf("the script is named %v now", got)
		}
	})
}

func TestQueryScriptsByStatus(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance := c.newInstance("一")
		drafted := c.script(instance, "草稿")
		published := c.imported(instance, "hello")
		c.must("PublishScript", "InstanceId", instance, "ScriptId", published, "Description", "第一版")
		of := func(statuses ...string) []string {
			parameters := []string{"InstanceId", instance}
			for i, status := range statuses {
				parameters = append(parameters, "StatusList."+strconv.Itoa(i+1), status)
			}
			got := c.must("QueryScriptsByStatus", parameters...)
			var ids []string
			for i := range got.at(t, "Scripts", "List").([]any) {
				ids = append(ids, got.at(t, "Scripts", "List", i, "ScriptId").(string))
			}
			return ids
		}
		c.refused("MissingParameter", "QueryScriptsByStatus", "InstanceId", instance, "StatusList", "[]")
		for _, tt := range []struct{ statuses, want []string }{
			{[]string{"PUBLISHED"}, []string{published}},
			{[]string{"DRAFTED"}, []string{drafted}},
			{[]string{"PUBLISHED", "DRAFTED"}, []string{published, drafted}},
			{[]string{"REVIEWING", "REJECTED"}, nil},
		} {
			if got := of(tt.statuses...); !slices.Equal(got, tt.want) {
				t.Errorf("%v: %v, want %v", tt.statuses, got, tt.want)
			}
		}
	})
}
