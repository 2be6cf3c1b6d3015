// The numbers of each figure as CSV, a header line first.
#pragma once

#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/metrics/classification_report.h"
#include "fer/metrics/ranking.h"
#include "fer/metrics/vote_metrics.h"
#include "fer/report/corruption_figure.h"
#include "fer/report/curves_figure.h"
#include "fer/report/difference_figure.h"

namespace fer::report {

std::string accuracy_csv(const metrics::ClassificationReport& report, double most_frequent_share);

// One row per class.
std::string classes_csv(const metrics::ClassificationReport& report, const LabelSet& labels);

// One row per pair that occurs: truth, prediction, count, share of the truth.
std::string confusion_csv(const metrics::ConfusionMatrix& confusion, const LabelSet& labels);

// One row per bin.
std::string reliability_csv(const std::vector<metrics::ReliabilityBin>& bins);

// One row per point of the curve of a class.
std::string precision_recall_csv(
    const std::vector<std::vector<metrics::PrecisionRecallPoint>>& curves, const LabelSet& labels);

// One row per corruption and strength, from 0 on; the baseline's accuracy is empty where there is
// none.
std::string corruptions_csv(const CorruptionCurves& curves);

// One row per band.
std::string agreement_csv(const metrics::VoteScores& votes);

// One row per model.
std::string differences_csv(const std::vector<NamedDifference>& models);

// One row per epoch; what was not measured is empty.
std::string training_csv(const TrainingCurves& curves);

}  // namespace fer::report
