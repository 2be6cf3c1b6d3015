#include "fer/eval/study_images.h"

#include <algorithm>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/open_data.h"
#include "fer/eval/evaluation_data.h"

namespace fer::eval {

namespace {

void check_same_pictures(const data::FaceSet& set, const data::FaceSet& other) {
  if (set.size() == other.size() && set.names == other.names && set.labels.equal(other.labels)) {
    return;
  }
  throw Error(set.source + ": has other images at " + text_of(other.images.format()) + " than at " +
              text_of(set.images.format()) +
              ", so that the models cannot be shown the same; evaluate each by itself");
}

// Imported models scale any images; other models take only their own format.
void check_faces(const AskedModels& asked, const StudyImages& images) {
  for (const nn::NamedModel& named : asked.models) {
    const model::ModelInfo& info = named.model.info;
    const FaceFormat &own = info.data_format(), &there = images.of(info).format();
    if (info.is_imported() || own == there) continue;
    throw OptionError(
        asked.field, named.path.string(),
        "takes faces of " + text_of(own) + ", and " + images.set().source + " has " +
            text_of(there) +
            "; only folders of pictures and drawn faces become what each model takes, "
            "without " +
            option("image_size") + ", " + option("colour") + " and " + option("corrupt"));
  }
}

bool is_for_each(const StudyOptions& options) {
  return !options.corrupt && options.data.takes_any_format() &&
         data::become_any_format(options.data);
}

}  // namespace

const data::Images& StudyImages::of(const model::ModelInfo& model) const {
  const auto found = std::find_if(others_.begin(), others_.end(), [&](const data::Images& images) {
    return images.format() == model.picture_format();
  });
  return found == others_.end() ? set_.images : *found;
}

data::FaceSet StudyImages::set_of(const model::ModelInfo& model) const {
  data::FaceSet set = set_;
  set.images = of(model);
  return set;
}

std::string StudyImages::fingerprint() const {
  std::string all = set_.fingerprint();
  for (const data::Images& images : others_) {
    data::FaceSet other = set_;
    other.images = images;
    all += other.fingerprint();
  }
  return all;
}

StudyImages open_study_images(const StudyOptions& options, EvaluatedSplit split,
                              const std::vector<AskedModels>& asked, int threads, Log& log) {
  const model::ModelInfo& first = asked.front().models.front().model.info;
  data::DataOptions data = options.data;
  // Imported models take any faces, and the corruptions are defined for these.
  if (options.corrupt && first.is_imported() && data.takes_any_format()) data.take_format({});
  StudyImages images(open_evaluation_data(data, split, first, threads, log));
  for (const AskedModels& some : asked) {
    for (const nn::NamedModel& named : some.models) {
      const FaceFormat wanted = named.model.info.picture_format();
      if (!is_for_each(options) || images.set().images.format() == wanted) continue;
      log.info(named.name + " is shown the images as " + text_of(wanted));
      if (images.of(named.model.info).format() == wanted) continue;
      data::FaceSet other =
          reopen_evaluation_data(data, split, first, images.set(), wanted, threads);
      check_same_pictures(images.set(), other);
      images.add(std::move(other.images));
    }
    check_faces(some, images);
  }
  return images;
}

}  // namespace fer::eval
