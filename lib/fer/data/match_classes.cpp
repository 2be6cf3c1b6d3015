#include "fer/data/match_classes.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <optional>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::data {

namespace {

// Maps each image's class by `index_of` (one entry for each class of the set).
at::Tensor renumbered(const FaceSet& set, const std::vector<std::int64_t>& index_of) {
  return at::tensor(index_of, at::kLong).index_select(0, set.labels);
}

// The unknown classes with their numbers of images.
std::string listed(const std::vector<std::pair<std::string, std::int64_t>>& unknown) {
  constexpr std::size_t kShown = 12;
  std::vector<std::string> words;
  for (const auto& [name, count] : unknown) {
    if (words.size() == kShown) break;
    words.push_back(quote(name) + " (" + grouped(count) + ")");
  }
  if (unknown.size() > kShown) {
    words.push_back("and " + std::to_string(unknown.size() - kShown) + " more");
  }
  return join(words, ", ");
}

FaceSet without_class(const FaceSet& set) {
  return set.select(set.labels.ge(0).nonzero().squeeze(1));
}

}  // namespace

std::optional<std::size_t> class_of(const std::string& name, const LabelSet& labels) {
  // Exact matches first, because own classes may differ only in spellings that `find` treats as
  // equal.
  const auto exact = std::find(labels.names().begin(), labels.names().end(), name);
  if (exact == labels.names().end()) return labels.find(name);
  return static_cast<std::size_t>(exact - labels.names().begin());
}

FaceSet match_classes(const FaceSet& set, const LabelSet& wanted, UnknownClasses unknown,
                      const std::string& who, std::vector<std::string>& notes) {
  if (set.label_set == wanted) return set;
  const std::vector<std::int64_t> counts = set.class_counts();
  std::vector<std::int64_t> index_of;
  std::vector<std::pair<std::string, std::int64_t>> strange;
  std::int64_t skipped = 0;
  for (std::size_t label = 0; label < set.label_set.size(); ++label) {
    const std::string& name = set.label_set.name(label);
    const auto found = class_of(name, wanted);
    index_of.push_back(found ? static_cast<std::int64_t>(*found) : -1);
    if (found || counts[label] == 0) continue;
    strange.emplace_back(name, counts[label]);
    skipped += counts[label];
  }
  const std::string knows = who + " knows " + join(wanted.names(), ", ");
  // An example of class names, in case the classes only have other names.
  const auto example = [&] { return strange.front().first + "=" + wanted.name(0); };
  if (skipped == set.size() || (skipped > 0 && unknown == UnknownClasses::error)) {
    throw Error(
        set.source +
        (strange.size() == 1 ? ": has images of the class " : ": has images of the classes ") +
        listed(strange) + "; " + knows +
        (skipped == set.size() ? "" : "; " + option("unknown_classes") + " skip leaves them out") +
        "; " + option("class_names") + " " + example() + " would say that " +
        quote(strange.front().first) + " is another name of " + quote(wanted.name(0)));
  }
  FaceSet matched = set;
  matched.labels = renumbered(set, index_of);
  matched.label_set = wanted;
  if (skipped == 0) return matched;
  notes.push_back(set.source + ": skipped " + counted(skipped, "image") +
                  (strange.size() == 1 ? " of a class that is not known: "
                                       : " of classes that are not known: ") +
                  listed(strange) + "; " + knows);
  return without_class(matched);
}

FaceSet rename_classes(const FaceSet& set, const ClassNames& names) {
  std::vector<std::string> kept;
  std::vector<std::int64_t> index_of;
  for (const std::string& old : set.label_set.names()) {
    const std::string name = names.of(old);
    const auto found = std::find(kept.begin(), kept.end(), name);
    index_of.push_back(found - kept.begin());
    if (found == kept.end()) kept.push_back(name);
  }
  if (kept == set.label_set.names()) return set;
  FaceSet renamed = set;
  try {
    renamed.label_set = LabelSet(kept);
  } catch (const Error& error) {
    throw Error(set.source + ": these class names are not allowed (" + option("class_names") +
                "): " + error.what());
  }
  renamed.labels = renumbered(set, index_of);
  return renamed;
}

LabelSet united_classes(const std::vector<FaceSet>& sets) {
  std::vector<std::string> names = sets.front().label_set.names();
  for (const FaceSet& set : sets) {
    const LabelSet before(names);
    for (const std::string& name : set.label_set.names()) {
      if (!class_of(name, before)) names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return LabelSet(names);
}

}  // namespace fer::data
