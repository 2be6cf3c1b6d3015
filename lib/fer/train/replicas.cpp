#include "fer/train/replicas.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <exception>
#include <numeric>

#include "fer/core/error.h"
#include "fer/nn/architectures.h"
#include "fer/runtime/team.h"
#include "fer/tensors/cores.h"
#include "fer/train/freeze.h"

namespace fer::train {

namespace {

// A copy that shares weights, and has the same ones frozen.
std::shared_ptr<nn::Classifier> copy_of(const nn::Model& model) {
  const model::ModelInfo& info = model.info;
  auto copy = nn::make_classifier(info.architecture, static_cast<std::int64_t>(info.labels.size()),
                                  info.net, info.input.cut.format);
  const std::vector<at::Tensor> from = model.net->parameters(), to = copy->parameters();
  if (from.size() != to.size()) throw Error("replicas: the model's network is not what it says");
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i].sizes() != to[i].sizes()) {
      throw Error("replicas: the model's network is not what it says");
    }
    at::Tensor weight = to[i];
    weight.set_data(from[i].detach());
    weight.requires_grad_(from[i].requires_grad());
  }
  train_mode(*copy);
  return copy;
}

std::vector<torch::nn::BatchNorm2dImpl*> norms_of(const nn::Classifier& net) {
  std::vector<torch::nn::BatchNorm2dImpl*> norms;
  for (const auto& module : net.modules(/*include_self=*/false)) {
    if (auto* norm = module->as<torch::nn::BatchNorm2d>()) norms.push_back(norm);
  }
  return norms;
}

// Processor time of the calling thread.
double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

StepShare Replicas::share_for(const nn::Classifier& net, std::size_t parts,
                              const ranks::Ranks& ranks) {
  // The gradients of all networks together may have this many values, 256 MB; the activations of
  // one part of a large network take as much.
  constexpr std::int64_t kValues = 64 << 20;
  constexpr std::int64_t kMost = 64;
  StepShare share{.rank = static_cast<std::size_t>(ranks.rank()),
                  .ranks = static_cast<std::size_t>(ranks.size())};
  if (!net.parameters().front().is_cpu()) return share;
  const std::int64_t most = std::clamp<std::int64_t>(kValues / net.parameter_count(), 1, kMost);
  share.networks = std::min(parts, std::max(static_cast<std::size_t>(most), share.ranks));
  return share;
}

Replicas::Replicas(const nn::Model& model, const StepShare& share, int threads, ranks::Ranks& ranks)
    : share_(share),
      ranks_(ranks),
      nets_{model.net},
      cores_(std::clamp(threads, 1,
                        static_cast<int>(std::max<std::size_t>(share.own_networks().size(), 1)))) {
  if (share.networks < share.ranks) throw Error("replicas: fewer networks than ranks");
  while (nets_.size() < share.own_networks().size()) nets_.push_back(copy_of(model));
  for (const auto& net : nets_) {
    parameters_.emplace_back();
    for (const at::Tensor& weight : net->parameters()) {
      if (weight.requires_grad()) parameters_.back().push_back(weight);
    }
    norms_.push_back(norms_of(*net));
  }
  if (ranks_.several()) open_exchange();
}

Replicas::Totals Replicas::run(std::size_t parts, const Work& work, const AddUp& add_up) {
  if (ranks_.several()) return run_with_others(parts, work, add_up);
  compute(parts, work);
  Totals totals;
  if (add_up) add_up(totals);
  return totals;
}

// Runs the parts without other ranks.
void Replicas::compute(std::size_t parts, const Work& work) {
  if (!side_by_side()) {
    for (std::size_t i = 0; i < parts; ++i) work(*nets_.front(), i);
    return;
  }
  begin();
  // Also for a last step of fewer parts, in which some networks are idle, so that all steps add in
  // the same order.
  share(parts, [&](std::size_t net) {
    const StepShare::Range own = share_.parts_of(net, parts);
    for (std::size_t i = own.first; i < own.last; ++i) work(*nets_[net], i);
  });
  collect_gradients();
  for (std::size_t net = 1; net < nets_.size(); ++net) {
    collect_statistics(net, share_.parts_of(net, parts).size());
  }
}

// Calls `work` for every network, on the chosen number of cores.
void Replicas::share(std::size_t parts, const std::function<void(std::size_t net)>& work) {
  std::vector<std::exception_ptr> failures(nets_.size());
  std::vector<double> seconds(nets_.size());
  const int cores = at::get_num_threads();  // of the calling thread, which takes a part, too
  const auto start = std::chrono::steady_clock::now();
  runtime::own_team(cores_.cores())
      .run(static_cast<std::int64_t>(nets_.size()), [&](std::int64_t piece, int) {
        const auto net = static_cast<std::size_t>(piece);
        const double before = thread_seconds();
        // Otherwise oneDNN would divide each part's work among all cores.
        tensors::use_cores(1);
        try {
          work(net);
        } catch (...) {
          failures[net] = std::current_exception();
        }
        seconds[net] = thread_seconds() - before;
      });
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  cores_.record({wall.count(), std::accumulate(seconds.begin(), seconds.end(), 0.0),
                 std::min(parts, nets_.size())});
  tensors::use_cores(cores);
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

// Clears the remains of a step that ended in an exception.
void Replicas::begin() {
  const at::NoGradGuard no_grad;
  before_.clear();
  for (const auto* norm : norms_.front()) {
    before_.push_back({norm->running_mean.clone(), norm->running_var.clone()});
  }
  for (std::size_t net = 1; net < nets_.size(); ++net) {
    for (at::Tensor& weight : parameters_[net]) weight.mutable_grad().reset();
    for (std::size_t i = 0; i < norms_[net].size(); ++i) {
      norms_[net][i]->running_mean.copy_(before_[i].mean);
      norms_[net][i]->running_var.copy_(before_[i].variance);
    }
  }
}

void Replicas::collect_gradients() {
  const at::NoGradGuard no_grad;
  for (std::size_t net = 1; net < nets_.size(); ++net) {
    for (std::size_t i = 0; i < parameters_[net].size(); ++i) {
      at::Tensor& gradient = parameters_[net][i].mutable_grad();
      if (!gradient.defined()) continue;
      at::Tensor& sum = parameters_.front()[i].mutable_grad();
      sum.defined() ? void(sum.add_(gradient)) : void(sum = gradient);
      gradient.reset();
    }
  }
}

// Each part keeps (1 - momentum) of the earlier statistics. So the statistics of a network's parts
// can be added as if the parts had come one after the other.
void Replicas::update_running_stats(Statistics& all, const Statistics& before,
                                    const Statistics& own, double kept) {
  all.mean.sub_(before.mean).mul_(kept).add_(own.mean);
  all.variance.sub_(before.variance).mul_(kept).add_(own.variance);
}

void Replicas::collect_statistics(std::size_t net, std::size_t parts) {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < norms_[net].size(); ++i) {
    torch::nn::BatchNorm2dImpl &norm = *norms_.front()[i], &own = *norms_[net][i];
    if (!own.is_training()) continue;
    Statistics all{norm.running_mean, norm.running_var};
    update_running_stats(all, before_[i], {own.running_mean, own.running_var},
                         std::pow(1.0 - *norm.options.momentum(), static_cast<double>(parts)));
    norm.num_batches_tracked.add_(static_cast<std::int64_t>(parts));
  }
}

}  // namespace fer::train
