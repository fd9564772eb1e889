package api

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// sheet writes an .xlsx file of rows.
func sheet(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	file := excelize.NewFile()
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.SetSheetRow("Sheet1", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := file.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withFiles is the whole API with a place for files.
func withFiles(t *testing.T, test func(t *testing.T, w *whole, s *Server)) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		w := openWhole(t, place)
		test(t, w, w.handler.(*Server))
	})
}

// kept keeps a file as if it had been uploaded.
func kept(t *testing.T, s *Server, data []byte) string {
	t.Helper()
	id, err := s.files.Keep(t.Context(), "jobs.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", data)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// transfer sees every file through that is on its way.
func transfer(t *testing.T, s *Server) {
	t.Helper()
	for {
		more, err := s.Transfer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return
		}
	}
}

// A campaign from a file of contacts to a file of results.
func TestBatchJobs(t *testing.T) {
	withFiles(t, func(t *testing.T, w *whole, s *Server) {
		x := w.newWorld()
		instance, script := x.names["$instance"], x.names["$script"]
		rows := [][]any{{"姓名", "电话", "amount"}}
		for i := range 2500 {
			rows = append(rows, []any{"王芳", fmt.Sprintf("138%08d", i), fmt.Sprint(i)})
		}
		file := kept(t, s, sheet(t, rows...))

		made := w.must("CreateBatchJobs", "InstanceId", instance, "ScriptId", script, "BatchJobName", "名单", "JobFilePath", file, "Submitted", "true")
		group := made.at(t, "BatchJob", "BatchJobId").(string)
		shown := w.must("DescribeJobGroup", "InstanceId", instance, "JobGroupId", group)
		if shown.at(t, "JobGroup", "Status") != "Draft" {
			t.Errorf("before its jobs are there it is %v", shown.at(t, "JobGroup", "Status"))
		}
		transfer(t, s)
		shown = w.must("DescribeJobGroup", "InstanceId", instance, "JobGroupId", group)
		if shown.at(t, "JobGroup", "Status") != "Scheduling" || shown.at(t, "JobGroup", "Progress", "Scheduling") != 2500.0 ||
			shown.at(t, "Import", "Status") != "Done" || shown.at(t, "Import", "Done") != 2500.0 {
			t.Errorf("with its jobs it is %v", shown)
		}

		export := w.must("CreateJobGroupExportTask", "InstanceId", instance, "JobGroupId", group)["TaskId"].(string)
		transfer(t, s)
		got := w.must("DescribeJobGroupExportTaskProgress", "InstanceId", instance, "TaskId", export)
		if got["Progress"] != 1.0 {
			t.Fatalf("the export is %v", got)
		}
		data, ours, err := s.files.Read(t.Context(), got["FileHttpUrl"].(string))
		if err != nil || !ours {
			t.Fatal(ours, err)
		}
		written, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		results, err := written.GetRows("Sheet1")
		if err != nil || len(results) != 2501 || results[0][3] != "phonenumber" || results[1][4] != "Scheduling" {
			t.Errorf("%d rows, the first %v, %v", len(results), results[:2], err)
		}
	})
}

// A file with a wrong row brings nothing, and says every row that is wrong.
func TestBatchJobsWithWrongRows(t *testing.T) {
	withFiles(t, func(t *testing.T, w *whole, s *Server) {
		x := w.newWorld()
		instance, script := x.names["$instance"], x.names["$script"]
		for name, test := range map[string]struct {
			rows [][]any
			want string
		}{
			"rows":      {[][]any{{"phonenumber"}, {"13800000000"}, {"x"}, {}, {"13800000000"}}, "Row 3: a phonenumber is 3 to 20 digits, which a + may precede. Row 5: the number is in row 2 already."},
			"no head":   {[][]any{{"13800000000"}}, "Row 1 must name the columns; one must be phonenumber."},
			"only head": {[][]any{{"phonenumber"}}, "The sheet has no rows below its head."},
		} {
			made := w.must("CreateBatchJobs", "InstanceId", instance, "ScriptId", script, "BatchJobName", "名单 "+name,
				"JobFilePath", kept(t, s, sheet(t, test.rows...)), "Submitted", "true")
			group := made.at(t, "BatchJob", "BatchJobId").(string)
			transfer(t, s)
			shown := w.must("DescribeJobGroup", "InstanceId", instance, "JobGroupId", group)
			if shown.at(t, "JobGroup", "Status") != "Failed" || shown.at(t, "JobGroup", "Progress", "TotalJobs") != 0.0 || shown.at(t, "Import", "Problem") != test.want {
				t.Errorf("%s: %v", name, shown)
			}
		}
		w.refused("InvalidParameter", "CreateBatchJobs", "InstanceId", instance, "ScriptId", script, "BatchJobName", "x", "JobFilePath", "no-such", "Submitted", "true")
	})
}

// Without Submitted a batch waits until it is submitted.
func TestBatchJobsDraft(t *testing.T) {
	withFiles(t, func(t *testing.T, w *whole, s *Server) {
		x := w.newWorld()
		instance, script := x.names["$instance"], x.names["$script"]
		file := kept(t, s, sheet(t, []any{"phone", "name"}, []any{"13800000000", "王芳"}))
		made := w.must("CreateBatchJobs", "InstanceId", instance, "ScriptId", script, "BatchJobName", "名单", "Submitted", "false")
		group := made.at(t, "BatchJob", "BatchJobId").(string)
		w.must("ModifyBatchJobs", "InstanceId", instance, "JobGroupId", group, "BatchJobName", "新名单", "JobFilePath", file, "Submitted", "false")
		transfer(t, s)
		shown := w.must("DescribeJobGroup", "InstanceId", instance, "JobGroupId", group)
		if shown.at(t, "JobGroup", "Status") != "Draft" || shown.at(t, "JobGroup", "JobGroupName") != "新名单" || shown.at(t, "JobGroup", "Progress", "TotalJobs") != 1.0 {
			t.Errorf("the draft is %v", shown)
		}
		w.must("SubmitBatchJobs", "InstanceId", instance, "JobGroupId", group)
		shown = w.must("DescribeJobGroup", "InstanceId", instance, "JobGroupId", group)
		if shown.at(t, "JobGroup", "Status") != "Scheduling" || shown.at(t, "JobGroup", "Progress", "Scheduling") != 1.0 {
			t.Errorf("submitted it is %v", shown)
		}
	})
}

// A group that is empty is not done, and one that was done dials again when a
// file brings more. Submitting while a file comes in waits for all of it.
func TestBatchJobsOnTheWay(t *testing.T) {
	withFiles(t, func(t *testing.T, w *whole, s *Server) {
		x := w.newWorld()
		instance, script := x.names["$instance"], x.names["$script"]
		status := func(group string) any {
			t.Helper()
			return w.must("DescribeJobGroup", "InstanceId", instance, "JobGroupId", group).at(t, "JobGroup", "Status")
		}
		tick := func() {
			t.Helper()
			if _, err := s.Campaign(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		file := kept(t, s, sheet(t, []any{"phonenumber"}, []any{"13811112222"}))

		made := w.must("CreateJobGroup", "InstanceId", instance, "ScriptId", script, "JobGroupName", "空")
		group := made.at(t, "JobGroup", "JobGroupId").(string)
		tick()
		if got := status(group); got != "Scheduling" {
			t.Errorf("an empty group is %v", got)
		}
		started := w.must("StartJob", "InstanceId", instance, "JobGroupId", group, "CallingNumber.1", "95187",
			"JobJson", `{"contacts":[{"phonenumber":"13833334444"}]}`)
		w.must("RecordFailure", "InstanceId", instance, "TaskId", started.at(t, "TaskIds", 0, "Value").(string), "ActualTime", "1",
			"CalledNumber", "1", "CallingNumber", "1", "CallId", "c", "DispositionCode", "NotExists")
		tick()
		if got := status(group); got != "Completed" {
			t.Errorf("a group of which every job failed is %v", got)
		}
		w.must("AssignJobs", "InstanceId", instance, "JobGroupId", group, "JobDataParsingTaskId", file)
		transfer(t, s)
		if got := status(group); got != "Executing" {
			t.Errorf("with jobs from a file a group that was done is %v", got)
		}

		made = w.must("CreateBatchJobs", "InstanceId", instance, "ScriptId", script, "BatchJobName", "名单", "JobFilePath", file, "Submitted", "false")
		group = made.at(t, "BatchJob", "BatchJobId").(string)
		w.must("SubmitBatchJobs", "InstanceId", instance, "JobGroupId", group)
		if got := status(group); got != "Draft" {
			t.Errorf("submitted before its jobs are there a group is %v", got)
		}
		transfer(t, s)
		shown := w.must("DescribeJobGroup", "InstanceId", instance, "JobGroupId", group)
		if shown.at(t, "JobGroup", "Status") != "Scheduling" || shown.at(t, "JobGroup", "Progress", "Scheduling") != 1.0 {
			t.Errorf("once they are there it is %v", shown)
		}
	})
}
