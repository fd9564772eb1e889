package main

import (
	"bytes"
	"flag"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// How many rows the spreadsheet of TestImport has. `make soak` has more.
var rows = flag.Int("rows", 300, "how many contacts TestImport brings in beside calls")

// A spreadsheet of contacts is brought in while calls are talked through: none
// of them is dropped, and it takes no more memory than a chunk of it and the
// file need.
func TestImport(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		op := newOperation(t, place, operationOptions{
			servers: 1, faster: *soakFaster, script: endless, profile: talkers, flags: []string{"--files", t.TempDir()},
		})
		many := 50 * *soakCalls
		op.begin(many, *soakCalls, many, 1, fmt.Sprintf(`{"endTime":%d}`, opening.Add(24*time.Hour).UnixMilli()))
		file := op.upload("contacts.xlsx", workbook(t, *rows))
		op.await(op.told.Load() + 5*int64(*soakCalls)) // All ring and most talk.

		server, exchange := "http://"+op.addresses[0]+"/metrics", op.exchange.url+"/metrics"
		const some, rss, mega, seconds = 15, "process_resident_memory_bytes", 1 << 20, "talkgraph_simulator_turn_duration_seconds"
		before := scrape(t, exchange)
		op.await(op.told.Load() + some*int64(*soakCalls))
		begun, memory, most := scrape(t, exchange), scrape(t, server)[rss], 0.0
		took := op.bringIn(file, func() { most = max(most, scrape(t, server)[rss]) })
		after := scrape(t, exchange)
		if dropped := after[`talkgraph_simulator_calls_ended_total{end="ServerRefused"}`]; dropped > 0 {
			t.Errorf("%v calls were dropped", dropped)
		}
		if most > memory+256*mega {
			t.Errorf("the memory grew from %.0f MB to %.0f MB", memory/mega, most/mega)
		}
		t.Logf("%d rows in %v beside %d calls at %v times the speed of life: turn p99 below %.1f ms before, %.1f ms meanwhile, of %v turns; memory %.0f MB before, at most %.0f MB",
			*rows, took.Round(time.Second), *soakCalls, *soakFaster, quantile(before, begun, seconds, 0.99)*1000 / *soakFaster,
			quantile(begun, after, seconds, 0.99)*1000 / *soakFaster, after[seconds+"_count"]-begun[seconds+"_count"], memory/mega, most/mega)
		op.exchange.ends()
		op.stop()
	})
}

// bringIn makes a draft of the contacts in a file, and returns how long that took
// until all were there. Meanwhile it looks on.
func (op *operation) bringIn(file string, look func()) time.Duration {
	op.t.Helper()
	begun := time.Now()
	var made struct{ BatchJob struct{ BatchJobId string } }
	op.ask(&made, map[string]string{
		"Action": "CreateBatchJobs", "ScriptId": "endless", "BatchJobName": "批量", "JobFilePath": file, "Submitted": "false",
	})
	var shown struct {
		Import struct {
			Status, Problem string
			Done            int
		}
	}
	for range time.Tick(time.Second) { // As an operator might: to count a big group takes a while.
		look()
		op.ask(&shown, map[string]string{"Action": "DescribeJobGroup", "JobGroupId": made.BatchJob.BatchJobId})
		if shown.Import.Status != store.TransferWaiting {
			break
		}
	}
	if shown.Import.Status != store.TransferDone || shown.Import.Done != *rows {
		op.t.Fatalf("the file was not brought in: %+v", shown.Import)
	}
	return time.Since(begun)
}

// upload puts a file where the servers say, as clients of object storage do, and
// returns its id.
func (op *operation) upload(name string, content []byte) string {
	op.t.Helper()
	var given struct {
		Data struct{ Host, Folder, AccessId, Policy, Signature string }
	}
	op.ask(&given, map[string]string{"Action": "GenerateUploadUrl", "FileName": name, "Key": "contacts"})
	place := given.Data
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for _, field := range [][2]string{
		{"key", place.Folder + name}, {"OSSAccessKeyId", place.AccessId}, {"policy", place.Policy}, {"signature", place.Signature},
	} {
		if err := w.WriteField(field[0], field[1]); err != nil {
			op.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		op.t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		op.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		op.t.Fatal(err)
	}
	response, err := http.Post(place.Host, w.FormDataContentType(), &form)
	if err != nil {
		op.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		op.t.Fatalf("uploading to %s: %s", place.Host, response.Status)
	}
	return strings.TrimSuffix(place.Folder, "/")
}

// workbook is a spreadsheet of so many contacts.
func workbook(t *testing.T, rows int) []byte {
	t.Helper()
	file := excelize.NewFile()
	sheet, err := file.NewStreamWriter(file.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	for row := range rows + 1 {
		line := []any{"phonenumber", "name", "referenceId", "amount"}
		if row > 0 {
			line = []any{fmt.Sprintf("139%08d", row), "王芳", fmt.Sprintf("crm-%d", row), "1280"}
		}
		if err := sheet.SetRow(fmt.Sprintf("A%d", row+1), line); err != nil {
			t.Fatal(err)
		}
	}
	if err := sheet.Flush(); err != nil {
		t.Fatal(err)
	}
	out, err := file.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
