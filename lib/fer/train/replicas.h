// Copies of a network that compute gradients side by side, each on one core.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/batchnorm.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "fer/nn/model.h"
#include "fer/ranks/ranks.h"
#include "fer/train/core_choice.h"
#include "fer/train/step_share.h"

namespace fer::train {

// A small network cannot use all cores: a convolution on two cores is far from twice as fast, and
// if another program keeps one core busy, each convolution waits for it. With several networks each
// core takes whole parts of a step instead. The networks share the weights, and have their own
// gradients and running statistics until the end of the step. Then gradients are summed, and the
// statistics become those of parts one after the other (except for rounding). The order of all sums
// depends only on the parts, so that any number of threads gives the same bits. Networks that run
// at the same time need memory for all their activations.
//
// Several ranks (ranks/ranks.h) divide the networks of a step. Gradients and statistics go from
// rank to rank in one buffer, to which each rank adds its own, in the order of a single process, so
// that any number of ranks gives the same bits, too.
class Replicas {
 public:
  // The division of steps of `parts` parts among networks and these ranks: a network for each part
  // while their gradients take little memory; one network on a GPU.
  static StepShare share_for(const nn::Classifier& net, std::size_t parts,
                             const ranks::Ranks& ranks);

  using Work = std::function<void(nn::Classifier&, std::size_t)>;

  // The sums over all parts, besides gradients and statistics.
  struct Totals {
    float loss_sum = 0.0F;
    float correct = 0.0F;  // a whole number, below 2^24
  };
  // Adds the sums of the own parts, in their order.
  using AddUp = std::function<void(Totals& totals)>;

  // This rank's networks of `share`; the first one is the model's own. Parameters must be frozen
  // before, and may later be changed in place, but not replaced. Several networks run on at most
  // `threads` threads, including the caller's. `ranks` must outlive it. @throws fer::Error if the
  // model's info does not describe its network.
  Replicas(const nn::Model& model, const StepShare& share, int threads, ranks::Ranks& ranks);

  // For a single process, with `count` networks.
  Replicas(const nn::Model& model, std::size_t count, int threads)
      : Replicas(model, StepShare{.networks = count}, threads, ranks::alone()) {}

  // Whether several networks run side by side; each then needs its own generator.
  bool side_by_side() const { return share_.networks > 1; }

  // The division of parts among networks and ranks.
  const StepShare& share() const { return share_; }

  // Calls work(network, i) for each of this rank's parts i, neighbours on the same network, and
  // leaves the sum of all gradients and the statistics of all parts in the model's own network.
  // Passes on exceptions of `work`. @return the totals of all ranks; for a single process, of
  // `add_up`.
  Totals run(std::size_t parts, const Work& work, const AddUp& add_up = {});

 private:
  struct Statistics {
    at::Tensor mean, variance;
  };

  // The buffer that the ranks sum up: gradients, then a tail of statistics, totals and wishes to
  // stop.
  struct Exchange {
    at::Tensor values;  // float32 [gradients + tail]
    std::int64_t gradients = 0, tail = 0;
    std::vector<at::Tensor> own;         // gradients of each network, float32 [gradients]
    std::vector<Statistics> statistics;  // views into values
  };

  void begin();
  void compute(std::size_t parts, const Work& work);
  void share(std::size_t parts, const std::function<void(std::size_t net)>& work);
  void collect_gradients();
  void collect_statistics(std::size_t net, std::size_t parts);
  static void update_running_stats(Statistics& all, const Statistics& before, const Statistics& own,
                                   double kept);

  void open_exchange();
  void point_gradients(std::size_t net, const at::Tensor& flat);
  Totals run_with_others(std::size_t parts, const Work& work, const AddUp& add_up);
  void add_own(std::size_t parts, const AddUp& add_up, std::int64_t first, at::Tensor& some);
  void add_own_tail(std::size_t parts, const AddUp& add_up);
  void take_statistics(std::size_t parts);

  StepShare share_;
  ranks::Ranks& ranks_;
  Exchange exchange_;
  std::vector<std::shared_ptr<nn::Classifier>> nets_;            // this rank's
  std::vector<std::vector<at::Tensor>> parameters_;              // of each network
  std::vector<std::vector<torch::nn::BatchNorm2dImpl*>> norms_;  // of each network
  std::vector<Statistics> before_;                               // of the norms, before the step
  CoreChoice cores_;
};

}  // namespace fer::train
