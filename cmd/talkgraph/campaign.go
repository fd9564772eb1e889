package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
)

func newCampaignCommand() *cobra.Command {
	return groupOf(&cobra.Command{
		Use:   "campaign",
		Short: "Prepare a campaign and look at it before it starts",
		Example: `  talkgraph campaign template contacts.xlsx
  talkgraph campaign plan --data data GROUP`,
	}, newCampaignTemplateCommand(), newCampaignPlanCommand())
}

func newCampaignTemplateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "template FILE.xlsx",
		Short: "Write a spreadsheet to fill contacts in",
		Long: `Template writes a spreadsheet with the columns that are known and one example row.
Only phonenumber is needed. Columns of other names are variables of the script,
@amount here. Upload the file with GenerateUploadUrl and name it in CreateBatchJobs.`,
		Example: `  talkgraph campaign template contacts.xlsx`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file, err := os.OpenFile(args[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if err != nil {
				return err
			}
			return errors.Join(campaign.WriteTemplate(file), file.Close())
		},
	}
}

func newCampaignPlanCommand() *cobra.Command {
	var asJSON bool
	var zone string
	cmd := &cobra.Command{
		Use:   "plan GROUP",
		Short: "Say whom a job group would call, and when it would be done",
		Long: `Plan says how many jobs a group has, how many of their numbers are on the block
list, when the first call would be, and when everybody would have been called once
if each call took a minute and nothing else called meanwhile. It changes nothing.`,
		Example: `  talkgraph campaign plan --data data GROUP
  talkgraph campaign plan --database postgres://localhost/talkgraph --json GROUP`,
		Args: cobra.ExactArgs(1),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().StringVar(&zone, "time-zone", "Asia/Shanghai", "time zone of the hours of a strategy, as the server has it")
	return onStore(cmd, false, func(cmd *cobra.Command, args []string, s *store.Store) error {
		in, err := time.LoadLocation(zone)
		if err != nil {
			return usageError{fmt.Errorf("--time-zone %s: %w", zone, err)}
		}
		c, err := campaign.New(campaign.Options{Store: s, Gateway: campaign.NoGateway{}, Now: time.Now, Zone: in})
		if err != nil {
			return err
		}
		g, err := findGroup(cmd.Context(), s, args[0])
		if err != nil {
			return err
		}
		f, err := c.Forecast(cmd.Context(), g)
		if err != nil {
			return err
		}
		if asJSON {
			return json.NewEncoder(cmd.OutOrStdout()).Encode(f)
		}
		printForecast(cmd.OutOrStdout(), g, f, in)
		return nil
	})
}

// findGroup finds a job group in whichever instance has it.
func findGroup(ctx context.Context, s *store.Store, id string) (*store.JobGroup, error) {
	instances, err := s.Instances(ctx)
	if err != nil {
		return nil, err
	}
	for _, instance := range instances {
		g, err := s.JobGroup(ctx, instance.ID, id)
		var missing *store.NotFoundError
		if !errors.As(err, &missing) {
			return g, err
		}
	}
	return nil, fmt.Errorf("there is no job group %q", id)
}

func printForecast(out io.Writer, g *store.JobGroup, f campaign.Forecast, zone *time.Location) {
	at := func(t time.Time, never string) string {
		if t.IsZero() {
			return never
		}
		return t.In(zone).Format("2006-01-02 15:04:05 -0700")
	}
	fmt.Fprintf(out, "group      %s  %s  %s\n", g.ID, g.Name, g.Status)
	fmt.Fprintf(out, "jobs       %d to be called, %d numbers\n", f.Jobs, f.Contacts)
	fmt.Fprintf(out, "blocked    %d numbers are on the block list; %d jobs have no other\n", f.Blocked, f.Lost)
	fmt.Fprintf(out, "rate       %.4g calls a minute at most\n", f.Rate)
	fmt.Fprintf(out, "first call %s\n", at(f.First, "never: the strategy allows no time, or nobody is left to call"))
	fmt.Fprintf(out, "done       %s\n", at(f.Finish, "not before the strategy ends"))
}
