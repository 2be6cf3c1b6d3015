#include "fer/train/checkpoint.h"

#include <ATen/ATen.h>
#include <signal.h>
#include <sys/resource.h>

#include <string>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/tensors/safetensors.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/temporary_folder.h"

namespace fer::train {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::fresh_model;
using test::TemporaryFolder;

// A network and an optimizer after one step.
struct Trained {
  explicit Trained(std::uint64_t seed, const LabelSet& labels = LabelSet::fer2013())
      : model(fresh_model(seed, labels)), step(model, with_average(), {}, {}) {
    model.net->forward(at::randn({4, 1, kFaceSide, kFaceSide})).square().sum().backward();
    step.optimizer().set_learning_rate(1e-3);
    step.optimizer().step();
    step.average().update();
  }
  static TrainOptions with_average() {
    TrainOptions options;
    options.optimizer.ema = 0.9;
    return options;
  }
  nn::Model model;
  TrainingStep step;
};

TrainingState one_epoch() {
  TrainingState state;
  state.history.resize(1);
  state.history[0].epoch = 1;
  state.best_epoch = 1;
  state.best_score = 0.25;
  state.progress = {3, 24, 40.5, 7, 1.5};
  return state;
}

TEST_CASE("a checkpoint brings back network, optimizer, average, state and identity",
          "[train][unit]") {
  const TemporaryFolder folder;
  Trained saved(1);
  save_checkpoint(folder / "last.ckpt", *saved.model.net, saved.step, one_epoch(),
                  {"the recipe", "the fingerprint"});
  Trained other(2);
  const RestoredRun restored = load_checkpoint(folder / "last.ckpt", *other.model.net, other.step);
  CHECK(restored.run.recipe == "the recipe");
  CHECK(restored.run.data_fingerprint == "the fingerprint");
  CHECK(restored.state.epochs_done() == 1);
  CHECK(restored.state.progress.loss_sum == 40.5);
  const auto weights = nn::named_weights(*other.model.net);
  for (const auto& [name, weight] : nn::named_weights(*saved.model.net)) {
    CHECK(at::equal(weight, weights.at(name)));
  }
  const auto moments = other.step.optimizer().state();
  for (const auto& [name, moment] : saved.step.optimizer().state()) {
    CHECK(at::equal(moment, moments.at(name)));
  }
  const auto averages = other.step.average().state();
  for (const auto& [name, average] : saved.step.average().state()) {
    CHECK(at::equal(average, averages.at(name)));
  }
  CHECK(read_identity(folder / "last.ckpt").recipe == "the recipe");
}

TEST_CASE("what is no checkpoint of this network is an error that names the file",
          "[train][unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "last.ckpt";
  Trained seven(1);
  const auto message_of = [&](Trained& into) -> std::string {
    try {
      load_checkpoint(path, *into.model.net, into.step);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  save_checkpoint(path, *seven.model.net, seven.step, one_epoch(), {});
  const tensors::Safetensors good = tensors::read_safetensors(path);
  Trained two(1, LabelSet({"glad", "mad"}));
  CHECK_THAT(message_of(two), ContainsSubstring(path) && ContainsSubstring("logits.bias"));

  nn::save_model(path, seven.model);
  CHECK_THAT(message_of(seven), ContainsSubstring(path) &&
                                    ContainsSubstring("is a model, not the checkpoint of a run"));

  tensors::Safetensors bad = good;
  bad.tensors.erase("optimizer/second_moment/conv1.weight");
  write_safetensors(path, bad);
  CHECK_THAT(message_of(seven), ContainsSubstring(path) && ContainsSubstring("second_moment"));

  bad = good;
  bad.metadata["state"] = "{";
  write_safetensors(path, bad);
  CHECK_THAT(message_of(seven), ContainsSubstring(path) && ContainsSubstring("damaged"));

  const std::string whole = read_file(path, 100u << 20);
  write_file(path, whole.substr(0, whole.size() / 2));
  CHECK_THAT(message_of(seven), ContainsSubstring(path));
}

// Keeps files from growing beyond this many bytes during its lifetime, like a disk that is full at
// that point.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST_CASE("a checkpoint that cannot be finished leaves the one before, whole", "[train][unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "last.ckpt";
  Trained first(1);
  Trained second(2);
  const auto fails_at = [&](rlim_t bytes) {
    const FileSizeLimit limit(bytes);
    try {
      save_checkpoint(path, *second.model.net, second.step, one_epoch(), {});
    } catch (const Error&) {
      return true;
    }
    return false;
  };
  CHECK(fails_at(100'000));
  CHECK(folder.entries() == 0);  // neither the checkpoint nor a temporary file

  save_checkpoint(path, *first.model.net, first.step, one_epoch(), {});
  const std::string before = read_file(path, 100u << 20);
  for (const rlim_t bytes : {0, 4, 2'000, 1'000'000, 8'000'000}) {
    CAPTURE(bytes);
    CHECK(fails_at(bytes));
    CHECK(read_file(path, 100u << 20) == before);
    CHECK(folder.entries() == 1);
  }
}

}  // namespace
}  // namespace fer::train
