import json
import sys

import pandas

report = json.load(open(sys.argv[1]))
print(f"{report['accuracy']:.3f} on {report['n']} images of {report['split']}")
classes = pandas.DataFrame(report["per_class"]).T
print(classes[["precision", "recall", "f1", "support"]].round(3))

rows = pandas.read_csv(sys.argv[2])
rows["sure"] = rows[report["labels"]].max(axis=1)
wrong = rows[rows.truth != rows.prediction]
print(wrong.groupby(["truth", "prediction"]).size().nlargest(5))
print(wrong.nlargest(5, "sure")[["index", "truth", "prediction", "sure"]])

# Accuracy by how sure the model was: calibrated where the two agree.
bins = pandas.cut(rows.sure, [0, 0.4, 0.6, 0.8, 1])
right = rows.truth == rows.prediction
print(
    pandas.DataFrame(
        {
            "sure": rows.sure.groupby(bins, observed=True).mean(),
            "right": right.groupby(bins, observed=True).mean(),
        }
    ).round(3)
)
