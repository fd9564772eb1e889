package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/simulator"
)

// exchangeProcess is a running simulate-gateway.
type exchangeProcess struct {
	t       *testing.T
	process *exec.Cmd
	url     string
	stdout  *bufio.Scanner
}

// startExchange starts the program as a telephony system.
func startExchange(t *testing.T, env []string, args ...string) *exchangeProcess {
	t.Helper()
	program, err := os.Executable() // The test binary is the program as well.
	if err != nil {
		t.Fatal(err)
	}
	x := &exchangeProcess{t: t, process: exec.Command(program, append([]string{"simulate-gateway"}, args...)...)}
	x.process.Env = append(append(os.Environ(), serves+"=1"), env...)
	x.process.Stderr = t.Output()
	stdout, err := x.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := x.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.process.Process.Kill() })
	x.stdout = bufio.NewScanner(stdout)
	if x.stdout.Scan() {
		x.url = strings.TrimSpace(strings.TrimPrefix(x.stdout.Text(), "listening"))
	}
	return x
}

func (x *exchangeProcess) rings() simulator.Rings {
	x.t.Helper()
	response, err := http.Get(x.url + "/rings")
	if err != nil {
		x.t.Fatal(err)
	}
	defer response.Body.Close()
	var r simulator.Rings
	if err := json.NewDecoder(response.Body).Decode(&r); err != nil {
		x.t.Fatal(err)
	}
	return r
}

// ends ends the process and returns the summary.
func (x *exchangeProcess) ends() string {
	x.t.Helper()
	if err := x.process.Process.Signal(syscall.SIGTERM); err != nil {
		x.t.Fatal(err)
	}
	var summary strings.Builder
	for x.stdout.Scan() {
		summary.WriteString(x.stdout.Text() + "\n")
	}
	if err := x.process.Wait(); err != nil {
		x.t.Error(err)
	}
	return summary.String()
}

// ask sends a signed request of an action and decodes the answer.
func (s *served) ask(answer any, parameters ...string) {
	s.t.Helper()
	signed := execute(nil, append([]string{"sign", "--endpoint", s.url}, parameters...)...)
	if signed.code != exitOK {
		s.t.Fatalf("%+v", signed)
	}
	status, body := s.get(strings.TrimPrefix(strings.TrimSpace(signed.stdout), s.url))
	if status != http.StatusOK {
		s.t.Fatalf("%v: %d %s", parameters, status, body)
	}
	if err := json.Unmarshal([]byte(body), answer); err != nil {
		s.t.Fatal(err)
	}
}

// A campaign of a server and a telephony system, each in a process of its own.
func TestSimulateGateway(t *testing.T) {
	t.Setenv(keyIDVariable, "testid")
	t.Setenv(keySecretVariable, "testsecret")
	t.Setenv(secretVariable, "gateway-secret")
	exchange := freeAddress(t)
	s := startServer(t, "script", "--script", hello, "--instance", "demo", "--gateway", "http://"+exchange)
	x := startExchange(t, nil, "--listen", exchange, "--server", s.url, "--seed", "7", "--speed", "500")

	var ignored struct{}
	s.ask(&ignored, "Action=CreateOutboundCallNumber", "InstanceId=demo", "Number=95187", "RateLimitCount=1000", "RateLimitPeriod=60")
	var made struct{ JobGroup struct{ JobGroupId string } }
	end := time.Now().Add(time.Hour).UnixMilli()
	s.ask(&made, "Action=CreateJobGroup", "InstanceId=demo", "ScriptId=hello", "JobGroupName=五月回访", "JobGroupDescription=停水", "CallingNumber.1=95187",
		fmt.Sprintf(`StrategyJson={"maxAttemptsPerDay":3,"minAttemptInterval":120,"endTime":%d}`, end))
	group := made.JobGroup.JobGroupId
	jobs := []string{"Action=AssignJobs", "InstanceId=demo", "JobGroupId=" + group}
	const contacts = 20
	for i := range contacts {
		jobs = append(jobs, fmt.Sprintf(`JobsJson.%d={"contacts":[{"phonenumber":"138%08d","name":"王芳"}]}`, i+1, i))
	}
	s.ask(&ignored, jobs...)

	var list struct {
		Jobs struct {
			List []struct {
				Status, FailureReason string
				Tasks                 []struct{ TaskId, Status, EndReason, Brief string }
			}
		}
	}
	done := 0
	for limit := time.Now().Add(time.Minute); done < contacts && time.Now().Before(limit); {
		s.ask(&list, "Action=ListJobsByGroup", "InstanceId=demo", "JobGroupId="+group, "PageNumber=1", "PageSize=100")
		done = 0
		for _, job := range list.Jobs.List {
			if job.Status == "Succeeded" || job.Status == "Failed" && job.FailureReason != "" {
				done++
			}
		}
	}
	r := x.rings()
	if done != contacts || r.Rings != contacts || len(r.Tasks) != contacts || len(r.Numbers) != contacts {
		t.Errorf("%d jobs ended; %d rings of %d tasks and %d numbers", done, r.Rings, len(r.Tasks), len(r.Numbers))
	}
	for _, call := range r.Calls {
		if r.Tasks[call.Task] != 1 || call.End == "ServerRefused" {
			t.Errorf("task %s rang %d times: %+v", call.Task, r.Tasks[call.Task], call)
		}
	}
	if summary := x.ends(); !strings.Contains(summary, "rings      20 of 20 tasks") || !strings.Contains(summary, "end        RobotHungUp") {
		t.Errorf("the summary:\n%s", summary)
	}
}

// freeAddress returns an address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	return free.Addr().String()
}
