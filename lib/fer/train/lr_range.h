// Which learning rate? A run of a few hundred steps at rising rates says where it may lie.
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
  double loss;  // exponentially averaged over steps, bias taken out
};

// Smith 2017, "Cyclical Learning Rates", section 3.3, with rates that rise by a constant factor (from
// 1e-6 to 10 in 300 steps); ends early where the loss is above four times its least. Steps are those
// of the run's beginning: its first side, --accumulate and teachers too. The network is worth nothing
// afterwards. Its first steps, whose average is of few batches, give no points. `progress` hears of
// the steps done.
std::vector<LrRangePoint> lr_range_test(nn::Model& model, const data::FaceSet& train,
                                        const TrainOptions& options,
                                        std::vector<nn::Model> teachers, const RandomStream& stream,
                                        const std::atomic<bool>& stop,
                                        const std::function<void(int done, int all)>& progress);

// A tenth of the rate at which the loss is lowest: where to begin trying, an order of magnitude.
// Nothing where the loss never falls.
std::optional<double> suggest_lr(const std::vector<LrRangePoint>& points);

}  // namespace fer::train
