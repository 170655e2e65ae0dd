// A backup location on AWS, its bucket, user and key.
package main

import (
	backup "github.com/palette-backup-provider/palette-backup-provider/sdk/go/palettebackup"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		nightly, err := backup.NewAwsBackupLocation(ctx, "nightly", &backup.AwsBackupLocationArgs{
			Region:       pulumi.String("us-east-1"),
			LocationName: pulumi.String("nightly"),
			Tags:         pulumi.StringMap{"team": pulumi.String("storage")},
			RotateAfter:  pulumi.Int(90),
		})
		if err != nil {
			return err
		}
		ctx.Export("uid", nightly.LocationUid)
		ctx.Export("bucket", nightly.BucketName)
		return nil
	})
}
