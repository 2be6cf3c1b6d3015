// The learning rate range test: a few hundred steps at rising rates show which rates are usable.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

#include "fer/core/random.h"
#include "fer/data/face_set.h"
#include "fer/nn/model.h"
#include "fer/train/train_options.h"

namespace fer::train {

struct LrRangePoint {
  double lr;
  double loss;  // exponential moving average over steps, with bias correction
};

// Smith 2017, "Cyclical Learning Rates", section 3.3, with rates that rise by a constant factor,
// from 1e-6 to 10 in 300 steps. Ends early when the loss is above four times its lowest value. The
// steps are the first ones of a run, with its first image side, `accumulate` and teachers. The
// first few give no points, because their average is of few batches. The network is useless
// afterwards. `progress` is called with the number of steps done.
std::vector<LrRangePoint> lr_range_test(nn::Model& model, const data::FaceSet& train,
                                        const TrainOptions& options,
                                        std::vector<nn::Model> teachers, const RandomStream& stream,
                                        const std::atomic<bool>& stop,
                                        const std::function<void(int done, int all)>& progress);

// A tenth of the rate at which the loss is lowest, as a first guess of the order of magnitude.
// Nothing if the loss never falls.
std::optional<double> suggest_lr(const std::vector<LrRangePoint>& points);

}  // namespace fer::train
