#include "fer/commands/eval_data.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/data/equal_images.h"

namespace fer {

namespace {

FaceSet choose_split(OpenedData& opened, const DataOptions& data, const std::string& split) {
  if (split == "all") return opened.set;
  if (opened.set.count(Split::none) == opened.set.size()) {
    if (split == "test") {
      throw Error(opened.set.source +
                  ": comes without splits; evaluate it with --split all, or with "
                  "--split val what training held out");
    }
    split_for_training(opened, data);
  }
  if (split == "train") return opened.set.only(Split::train);
  if (split == "val") return opened.set.only(Split::val);
  return opened.set.only(Split::test);
}

// The user's data options, but split as the model's training split its data where the user did not
// say otherwise: another hold-out would hold images that were trained on.
DataOptions split_as_trained(const DataOptions& given, const ModelInfo& model, Console& console) {
  DataOptions trained;
  const nlohmann::json recipe = nlohmann::json::parse(model.training.recipe, nullptr, false);
  if (!recipe.is_object()) return given;
  DataOptions options = given;
  const auto follow = [&](const char* key, auto& option, const auto& plain) {
    const auto found = recipe.find(key);
    if (option != plain || found == recipe.end() || *found == plain) return;
    if (!(found->is_number() || found->is_string())) return;
    option = found->get<std::decay_t<decltype(option)>>();
    console.info(std::string("split as the model was trained: ") + key + " " + found->dump());
  };
  follow("val_fraction", options.val_fraction, trained.val_fraction);
  follow("split_seed", options.split_seed, trained.split_seed);
  follow("folds", options.folds, trained.folds);
  follow("fold", options.fold, trained.fold);
  follow("classes", options.classes, trained.classes);
  follow("labels", options.labels, trained.labels);
  return options;
}

// Each once: choosing a split may add some.
void tell_notes(OpenedData& opened, Console& console) {
  for (const std::string& note : opened.notes) console.info(note);
  opened.notes.clear();
}

// A validation split that is not the one of the model's training, which may hold what it trained on.
void warn_of_another_split(const OpenedData& opened, const DataOptions& data,
                           const ModelInfo& model, Console& console) {
  const FaceSet val = opened.set.only(Split::val);
  const auto seen = seen_in_training(val, model).sum().item<std::int64_t>();
  const auto recipe = nlohmann::json::parse(model.training.recipe, nullptr, false);
  const bool same_data = recipe.is_object() && recipe.value("data", nlohmann::json()) == data.data;
  if (seen > 0) {
    console.warn("this is not the split that the model was trained with: " + grouped(seen) +
                 " of these " + grouped(val.size()) + " images were trained on");
  } else if (same_data && model.training.image_hashes.empty()) {
    console.warn(
        "this is not the split that the model was trained with: some of these images may "
        "have been trained on");
  }
}

// Scores on images that were trained on say nothing of others: that is told where it can be known.
void warn_of_training_images(OpenedData opened, const DataOptions& data, const ModelInfo& model,
                             const std::string& split, Console& console) {
  if (split == "test") return;
  if (opened.set.has(Split::none)) split_for_training(opened, data);
  if (!opened.set.has(Split::train)) return;
  const bool same = opened.set.only(Split::train).fingerprint() == model.training.data_fingerprint;
  if (split == "val") {
    if (!same) warn_of_another_split(opened, data, model, console);
  } else if (same) {
    console.warn("the model was trained on images of --split " + split +
                 ": its score there says nothing of images it has not seen");
  }
}

}  // namespace

FaceSet open_evaluation_data(const DataOptions& given, const std::string& split,
                             const ModelInfo& model, int threads, Console& console) {
  const DataOptions data = split_as_trained(given, model, console);
  OpenedData opened = open_data(data, threads);
  warn_of_training_images(opened, data, model, split, console);
  tell_notes(opened, console);
  FaceSet set = choose_split(opened, data, split);
  tell_notes(opened, console);
  return set;
}

at::Tensor seen_in_training(const FaceSet& set, const ModelInfo& model) {
  const std::vector<std::uint64_t>& known = model.training.image_hashes;
  const std::vector<std::uint64_t> hashes = image_hashes(set.images);
  at::Tensor seen = at::zeros({set.size()}, at::kBool);
  auto* flags = seen.data_ptr<bool>();
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    flags[i] = std::binary_search(known.begin(), known.end(), hashes[i]);
  }
  return seen;
}

}  // namespace fer
