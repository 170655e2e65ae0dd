import * as backup from "@palette-backup-provider/palette-backup";

const nightly = new backup.AwsBackupLocation("nightly", {
    region: "us-east-1",
    locationName: "nightly",
    tags: { team: "storage" },
    rotateAfter: 90,
});

export const uid = nightly.locationUid;
export const bucket = nightly.bucketName;
