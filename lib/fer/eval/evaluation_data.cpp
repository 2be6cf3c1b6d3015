#include "fer/eval/evaluation_data.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "fer/core/error.h"
#include "fer/core/json_text.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/equal_images.h"
#include "fer/data/match_classes.h"

namespace fer::eval {

namespace {

data::FaceSet choose_split(data::OpenedData& opened, const data::DataOptions& data,
                           EvaluatedSplit split) {
  if (split == EvaluatedSplit::all) return opened.set;
  if (opened.set.has(data::Split::none)) {
    if (split == EvaluatedSplit::test && !opened.set.has(data::Split::test)) {
      throw Error(opened.set.source + ": comes without splits; evaluate it with " +
                  option("split") + " all, or with " + option("split") +
                  " val what training held out");
    }
    data::split_for_training(opened, data);
  }
  const data::Split wanted = split == EvaluatedSplit::train ? data::Split::train
                             : split == EvaluatedSplit::val ? data::Split::val
                                                            : data::Split::test;
  if (opened.set.has(wanted)) return opened.set.only(wanted);
  throw Error(opened.set.source + ": has no split '" + choice_name(split) + "'; it has: " +
              opened.set.describe_splits() + "; choose one with " + option("split"));
}

std::string whole_path(const std::string& path) {
  std::error_code code;
  const std::string whole = std::filesystem::weakly_canonical(path, code).string();
  return code ? path : whole;
}

// Whether the model was trained on this data, also if the paths are written differently.
bool is_data_of(const nlohmann::json& recipe, const data::DataOptions& given) {
  const nlohmann::json trained = recipe.value("data", nlohmann::json());
  const auto same = [](const nlohmann::json& theirs, const std::string& path) {
    return theirs.is_string() && whole_path(theirs.get<std::string>()) == whole_path(path);
  };
  return trained.is_array() &&
         std::equal(trained.begin(), trained.end(), given.data.begin(), given.data.end(), same);
}

// Whether the recipe's `class_names` apply to this data.
bool names_fit(const data::DataOptions& given, const nlohmann::json& recipe) {
  std::error_code ignored;
  const bool folders = std::all_of(
      given.data.begin(), given.data.end(),
      [&](const std::string& path) { return std::filesystem::is_directory(path, ignored); });
  // Not for the default data, whose numbers are FER2013's.
  return !given.data.empty() && (folders || is_data_of(recipe, given));
}

// Training writes names as a JSON object; any other text in a recipe could be a file's path.
bool are_own_names(const nlohmann::json& names) {
  return names.is_string() && names.get_ref<const std::string&>().starts_with('{');
}

bool follows_names(const data::DataOptions& given, const nlohmann::json& recipe, Log& log) {
  if (are_own_names(recipe.at("class_names")) && names_fit(given, recipe)) return true;
  log.warn(
      "the class names that the model was trained with are not applied to this data; where they "
      "are "
      "meant, give them by " +
      option("class_names"));
  return false;
}

struct DataRequest {
  data::DataOptions options;
  bool names_of_model = false;  // the class names are the recipe's
};

// The user's data options, with the split of the model's training unless the user has chosen
// another one: another hold-out would contain training images. The recipe is untrusted, so its
// values must be ones that the flags would accept.
DataRequest split_as_trained(const data::DataOptions& given, const model::ModelInfo& model,
                             Log& log) {
  using nlohmann::json;
  const json recipe = parse_json(model.training.recipe);
  if (!recipe.is_object()) return {given};
  data::DataOptions options = given, usual;
  const json own = options_to_json(visiting(options)), plain = options_to_json(visiting(usual));
  json followed = json::object();
  std::vector<std::string> keys = split_option_names(visiting(usual));
  keys.emplace_back("class_names");  // no split, and followed only where follows_names() agrees
  for (const std::string& key : keys) {
    if (!recipe.contains(key) || recipe[key] == plain[key] || own[key] != plain[key]) continue;
    if (key == "class_names" && !follows_names(given, recipe, log)) continue;
    followed[key] = recipe[key];
  }
  try {
    options_from_json(followed, visiting(options), "the model's recipe");
    options.validate();
  } catch (const Error& error) {
    log.warn("split as the options say, not as the model was trained: " +
             std::string(error.what()));
    return {given};
  }
  for (const auto& [key, value] : followed.items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    log.info("as the model was trained: " + key + " " +
             (is_printable(text) ? text : quote(text, 200)));
  }
  return {options, followed.contains("class_names")};
}

// Logs each note once; choosing a split may add notes.
void log_notes(data::OpenedData& opened, Log& log) {
  for (const std::string& note : opened.notes) log.info(note);
  opened.notes.clear();
}

// Warns if the validation split is not that of the model's training, because it may contain
// training images.
void warn_of_another_split(const data::OpenedData& opened, const data::DataOptions& data,
                           const model::ModelInfo& model, Log& log) {
  const data::FaceSet val = opened.set.only(data::Split::val);
  const auto seen = data::among(val.images, model.training.image_hashes).sum().item<std::int64_t>();
  const auto recipe = parse_json(model.training.recipe);
  const bool same_data = recipe.is_object() && is_data_of(recipe, data);
  if (seen > 0) {
    log.warn("this is not the split that the model was trained with: " + grouped(seen) +
             " of these " + grouped(val.size()) + " images were trained on");
  } else if (same_data && model.training.image_hashes.empty()) {
    log.warn(
        "this is not the split that the model was trained with: some of these images may "
        "have been trained on");
  }
}

// Warns of scores on training images, if these are known, because such scores say nothing about
// other images.
void warn_of_training_images(data::OpenedData opened, const data::DataOptions& data,
                             const model::ModelInfo& model, EvaluatedSplit split, Log& log) {
  if (split == EvaluatedSplit::test) return;
  try {
    if (opened.set.has(data::Split::none)) data::split_for_training(opened, data);
  } catch (const Error&) {  // too few images for such a training
    return;
  }
  if (!opened.set.has(data::Split::train)) return;
  const bool same =
      opened.set.only(data::Split::train).fingerprint() == model.training.data_fingerprint;
  if (split == EvaluatedSplit::val) {
    if (!same) warn_of_another_split(opened, data, model, log);
  } else if (same) {
    log.warn("the model was trained on images of " + option("split") + " " + choice_name(split) +
             ": its score there says nothing of images it has not seen");
  }
}

// What the model says about the data to read.
data::KnownClasses known_to(const model::ModelInfo& model) {
  data::KnownClasses known(model.labels);
  known.of_model = true;
  if (!model.is_imported()) known.faces = model.data_format();
  known.pictures = model.picture_format();
  return known;
}

data::FaceSet open_split(const data::DataOptions& given, EvaluatedSplit split,
                         const model::ModelInfo& model, data::KnownClasses known, int threads,
                         bool is_judged, Log& log) {
  const auto [data, names_of_model] = split_as_trained(given, model, log);
  known.names_of_model = names_of_model;
  data::OpenedData opened = data::open_data(data, threads, known);
  if (is_judged) warn_of_training_images(opened, data, model, split, log);
  log_notes(opened, log);
  data::FaceSet set = choose_split(opened, data, split);
  // Folders and CSVs are matched when they are read. A packed set is matched here, after its split,
  // because its other splits may have any classes, and a hold-out is made by its own classes.
  set = data::match_classes(set, model.labels, data.unknown_classes, "the model", opened.notes);
  log_notes(opened, log);
  return set;
}

// The images of `all` that have the names of `set`, in its order, with its labels. Nothing if names
// do not tell all images apart.
std::optional<data::FaceSet> images_of_names(const data::FaceSet& all, const data::FaceSet& set) {
  std::map<std::string_view, std::int64_t> rows;
  for (std::size_t row = 0; row < all.names.size(); ++row) {
    rows.emplace(all.names[row], static_cast<std::int64_t>(row));
  }
  if (rows.empty() || rows.size() != all.names.size()) return std::nullopt;
  std::vector<std::int64_t> wanted;
  for (const std::string& name : set.names) {
    const auto found = rows.find(name);
    if (found == rows.end()) return std::nullopt;
    wanted.push_back(found->second);
  }
  data::FaceSet same = set;
  same.images = all.images.select(at::tensor(wanted));
  return same;
}

}  // namespace

data::FaceSet open_evaluation_data(const data::DataOptions& given, EvaluatedSplit split,
                                   const model::ModelInfo& model, int threads, Log& log) {
  return open_split(given, split, model, known_to(model), threads, /*is_judged=*/true, log);
}

data::FaceSet reopen_evaluation_data(const data::DataOptions& given, EvaluatedSplit split,
                                     const model::ModelInfo& model, const data::FaceSet& set,
                                     const FaceFormat& faces, int threads) {
  data::KnownClasses known = known_to(model);
  known.faces.reset();
  known.pictures = faces;
  SilentLog log;
  if (!set.names.empty()) {
    // Not split again: a hold-out depends on which images are equal, and that on their format.
    DataRequest request = split_as_trained(given, model, log);
    request.options.drop_duplicates = false;
    known.names_of_model = request.names_of_model;
    auto same = images_of_names(data::open_data(request.options, threads, known).set, set);
    if (same) return *std::move(same);
  }
  return open_split(given, split, model, known, threads, /*is_judged=*/false, log);
}

data::FaceSet open_training_images(const data::DataOptions& given, const model::ModelInfo& model,
                                   int threads, Log& log) {
  const data::FaceSet set =
      open_split(given, EvaluatedSplit::train, model, known_to(model), threads,
                 /*is_judged=*/false, log);
  const at::Tensor kept = data::among(set.images, model.training.selection_hashes).logical_not();
  const at::Tensor rows = kept.nonzero().flatten();
  if (rows.size(0) == set.size()) return set;
  log.warn(grouped(set.size() - rows.size(0)) + " training images of " + set.source +
           " are left out: the model was chosen by its scores on them");
  if (rows.size(0) == 0) throw Error(set.source + ": has no other training images");
  return set.select(rows);
}

}  // namespace fer::eval
