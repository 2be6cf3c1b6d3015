// The curves of several training runs in one figure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fer/report/figure_title.h"

namespace fer::report {

// Six colours and four dash patterns distinguish no more runs.
inline constexpr std::size_t kMostRunsCompared = 12;

// Each curve is [E], one value per epoch, or empty if it was never measured; gaps as in
// TrainingCurves.
struct NamedCurves {
  std::string name = {};
  std::vector<double> val_loss = {};
  std::vector<double> val_accuracy = {};  // in [0, 1]
  std::vector<double> train_loss = {};    // drawn thin
  std::int64_t best_epoch = 0;            // counted from 1; 0: none
};

// SVG: loss on the left, validation accuracy on the right, every run's best epoch marked in both,
// and a legend with the validation accuracy at that epoch. Runs may differ in length. @throws
// fer::Error for no runs, more than kMostRunsCompared, and for a run without epochs, with curves of
// different lengths or a best epoch that is none.
std::string compare_curves_svg(const std::vector<NamedCurves>& runs, const FigureTitle& title);

}  // namespace fer::report
