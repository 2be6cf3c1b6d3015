// The classification report as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fer/core/label_set.h"
#include "fer/metrics/classification_report.h"

namespace fer::report {

// An object with the keys of docs/cli.md that follow from the scores alone:
//   n, accuracy, accuracy_ci95 [low, high], top2_accuracy, balanced_accuracy, macro_f1, weighted_f1,
//   kappa, macro_average_precision, macro_roc_auc, nll, brier, ece, adaptive_ece,
//   labels [name…], confusion [[count…]…] (rows are the truth, in label order),
//   most_confused [{truth, prediction, count, share}…],
//   per_class {name: {precision, recall, f1, support, average_precision, roc_auc}}.
// A score that is not defined (docs/metrics.md) is null. The caller adds the context: split, model,
// data, seconds. @throws fer::Error where the report and the label set differ in size.
nlohmann::json report_json(const metrics::ClassificationReport& report, const LabelSet& labels);

}  // namespace fer::report
