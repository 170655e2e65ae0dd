import com.palettebackupprovider.palettebackup.AwsBackupLocation;
import com.palettebackupprovider.palettebackup.AwsBackupLocationArgs;
import com.pulumi.Pulumi;
import java.util.Map;

public class App {
    public static void main(String[] args) {
        Pulumi.run(ctx -> {
            var nightly = new AwsBackupLocation("nightly", AwsBackupLocationArgs.builder()
                .region("us-east-1")
                .locationName("nightly")
                .tags(Map.of("team", "storage"))
                .rotateAfter(90)
                .build());

            ctx.export("uid", nightly.locationUid());
            ctx.export("bucket", nightly.bucketName());
        });
    }
}
