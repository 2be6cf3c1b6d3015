// Training curves.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/report/figure_title.h"

namespace fer::report {

// Each curve is [E], one value per epoch, or empty if it was never measured. A value that is not
// finite (or beyond 1e30) is a gap: not measured in that epoch, or diverged.
struct TrainingCurves {
  std::vector<double> train_loss;
  std::vector<double> val_loss;
  std::vector<double> train_accuracy;  // in [0, 1]
  std::vector<double> val_accuracy;    // in [0, 1]
  std::int64_t best_epoch = 0;         // counted from 1, as in the figure; 0: none
};

// SVG: loss on the left, accuracy on the right, the best epoch marked in both.
// @throws fer::Error for no epochs, curves of different lengths, a best epoch that does not exist.
std::string training_curves_svg(const TrainingCurves& curves, const FigureTitle& title);

// The numbers of the figure: a header line, then one row per epoch; gaps are empty.
std::string training_csv(const TrainingCurves& curves);

}  // namespace fer::report
