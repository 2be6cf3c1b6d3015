#include "fer/data/folder_listing.h"

#include <algorithm>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/match_classes.h"
#if FER_WITH_VISION
#include "fer/image/folder_files.h"
#endif

namespace fer::data {

std::optional<Split> split_of_folder(const std::string& name) {
  const std::string lower = to_lower(name);
  if (lower == "train" || lower == "training") return Split::train;
  if (lower == "val" || lower == "valid" || lower == "validation" || lower == "publictest") {
    return Split::val;
  }
  if (lower == "test" || lower == "privatetest") return Split::test;
  return std::nullopt;
}

#if FER_WITH_VISION

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostPictures = 5'000'000;
constexpr std::int64_t kMostLooks = 20'000;  // to find a picture in folders that are not classes

// A folder with class folders.
struct ClassRoot {
  fs::path folder;
  Split split;
};

// A class folder with its pictures, also in folders below.
struct ClassFolder {
  fs::path folder;
  Split split;
  std::string called;                      // its class: its name, or the options' name for it
  std::vector<std::string> pictures = {};  // relative to the folder
  image::LeftOut left_out = {};

  std::string name() const { return folder.filename().string(); }
};

struct Listing {
  FolderListing found;
  std::set<std::string> unknown;  // folders with pictures that are not classes
  std::size_t skipped = 0;        // pictures in unknown folders
  image::LeftOut left_out;        // all other files that are left out
};

bool has_splits(const std::vector<ClassRoot>& roots) { return roots.front().split != Split::none; }

std::vector<ClassRoot> class_roots(const fs::path& path) {
  std::vector<ClassRoot> roots;
  for (const fs::path& folder : image::folders_in(path)) {
    const auto split = split_of_folder(folder.filename().string());
    if (split) roots.push_back({folder, *split});
  }
  if (roots.empty()) roots.push_back({path, Split::none});
  return roots;
}

// Without listing them, because they may be any folders.
std::vector<ClassFolder> class_folders(const std::vector<ClassRoot>& roots,
                                       const ClassNames& names) {
  std::vector<ClassFolder> folders;
  for (const ClassRoot& root : roots) {
    for (const fs::path& folder : image::folders_in(root.folder)) {
      folders.push_back(
          {.folder = folder, .split = root.split, .called = names.of(folder.filename().string())});
    }
  }
  return folders;
}

void list(ClassFolder& folder) {
  const std::size_t start = (folder.folder / "").string().size();
  for (const fs::path& path :
       image::list_folder(folder.folder, {.recursive = true}, folder.left_out)) {
    folder.pictures.push_back(path.string().substr(start));
  }
}

LabelSet own_classes(const fs::path& path, const std::vector<ClassFolder>& folders) {
  std::set<std::string> names;
  for (const ClassFolder& folder : folders) {
    if (!folder.pictures.empty()) names.insert(folder.called);
  }
  try {
    return LabelSet(std::vector<std::string>(names.begin(), names.end()));
  } catch (const Error& error) {
    throw Error(path.string() + ": cannot use its folders as classes (" + option("classes") +
                " from-data): " + error.what());
  }
}

void add_pictures(ClassFolder& folder, std::size_t label, Listing& listing) {
  listing.left_out.add(folder.left_out);
  if (listing.found.pictures.size() + folder.pictures.size() > kMostPictures) {
    throw Error(folder.folder.parent_path().string() + ": holds more than " +
                std::to_string(kMostPictures) + " pictures");
  }
  const auto number = static_cast<std::uint32_t>(listing.found.folders.size());
  listing.found.folders.push_back(folder.folder);
  for (std::string& picture : folder.pictures) {
    listing.found.pictures.push_back(
        {std::move(picture), number, static_cast<std::uint16_t>(label), folder.split});
  }
  folder.pictures.clear();
}

// Files outside of class folders.
void list_loose_files(const fs::path& folder, image::LeftOut& left_out) {
  const std::vector<fs::path> pictures = image::list_folder(folder, {}, left_out);
  if (pictures.empty()) return;
  left_out.add(
      {"picture that lies in no folder of a class", "pictures that lie in no folder of a class"},
      pictures.front(), static_cast<std::int64_t>(pictures.size()));
}

// The first few names, because a folder that is no data set may have thousands.
std::string quoted_list(const std::set<std::string>& names) {
  constexpr std::size_t kShown = 12;
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    if (shown.size() == kShown) break;
    shown.push_back(quote(name));
  }
  if (names.size() > kShown) {
    shown.push_back("and " + std::to_string(names.size() - kShown) + " more");
  }
  return join(shown, ", ");
}

// Advice about folders that are not classes: numbered folders need names, and given names may be
// wrong.
std::string advice_for(const std::set<std::string>& unknown, const ClassFolderOptions& options) {
  const auto is_number = [](const std::string& folder) {
    return folder.find_first_not_of("0123456789") == std::string::npos;
  };
  for (const std::string& folder : unknown) {
    if (const std::string called = options.names.of(folder); called != folder) {
      return "; " + option("class_names") + " calls " + quote(folder) + " " + quote(called);
    }
  }
  if (options.of_model) {
    const std::string& known = options.known.name(0);
    return "; " + option("class_names") + " " + *unknown.begin() + "=" + known +
           " would say that " + quote(*unknown.begin()) + " is another name of " + quote(known);
  }
  return std::all_of(unknown.begin(), unknown.end(), is_number)
             ? "; " + option("class_names") + " 1=surprise,2=fear says what numbered folders mean"
             : "";
}

void check_folders(const fs::path& path, const std::set<std::string>& unknown,
                   const ClassFolderOptions& options) {
  if (unknown.empty()) return;
  const std::string ways = options.of_model ? ""
                                            : ", " + option("classes") +
                                                  " from-data takes folders' own names for classes";
  throw Error(path.string() + (unknown.size() == 1 ? ": the folder " : ": the folders ") +
              quoted_list(unknown) +
              (unknown.size() == 1 ? " is not a known class or split"
                                   : " are not known classes or splits") +
              "; known: " + join(options.known.names(), ", ") + " (in any usual spelling)" +
              advice_for(unknown, options) + "; " + option("unknown_classes") +
              " skip leaves them out" + ways);
}

void check_listing(const fs::path& path, const Listing& listing, std::vector<std::string>& notes) {
  if (!listing.unknown.empty()) {
    notes.push_back(path.string() + ": skipped " +
                    counted(static_cast<std::int64_t>(listing.skipped), "picture") +
                    (listing.unknown.size() == 1 ? " in a folder that is not a class: "
                                                 : " in folders that are not classes: ") +
                    quoted_list(listing.unknown));
  }
  const std::string left_out =
      listing.left_out.empty() ? "" : "left out: " + listing.left_out.text(path);
  if (listing.found.pictures.empty()) {
    throw Error(path.string() +
                ": holds no pictures in folders of classes; expected train|val|test/CLASS/*.png or "
                "CLASS/*.png with the classes " +
                join(listing.found.labels.names(), ", ") +
                (left_out.empty() ? "" : "; " + left_out));
  }
  if (!left_out.empty()) notes.push_back(path.string() + ": " + left_out);
}

// Folders beside train and test that are not splits, whose pictures would be missed silently.
std::vector<ClassFolder> stray_folders(const fs::path& path, const std::vector<ClassRoot>& roots) {
  if (!has_splits(roots)) return {};
  std::vector<ClassFolder> strays = class_folders({{path, Split::none}}, {});
  std::erase_if(strays, [](const ClassFolder& folder) { return split_of_folder(folder.name()); });
  return strays;
}

void add_class(ClassFolder& folder, const LabelSet& labels, Listing& listing) {
  if (const auto label = class_of(folder.called, labels)) {
    add_pictures(folder, *label, listing);
  } else if (listing.unknown.contains(folder.name())) {
    listing.skipped += folder.pictures.size();
  } else {  // a folder without pictures
    listing.left_out.add(folder.left_out);
  }
}

void add_stray(const ClassFolder& folder, Listing& listing) {
  const auto count = static_cast<std::int64_t>(folder.pictures.size());
  if (listing.unknown.contains(folder.name())) {
    listing.skipped += folder.pictures.size();
  } else if (count > 0) {
    listing.left_out.add(
        {"picture in a folder that is not a split", "pictures in folders that are not splits"},
        folder.folder / folder.pictures.front(), count);
  }
}

void add_loose_files(const fs::path& path, const std::vector<ClassRoot>& roots, Listing& listing) {
  for (const ClassRoot& root : roots) list_loose_files(root.folder, listing.left_out);
  if (has_splits(roots)) list_loose_files(path, listing.left_out);
}

// Called before the folders are listed, because `path` may be all of a user's files instead of a
// data set.
void find_unknown(const std::vector<ClassFolder>& folders, const std::vector<ClassFolder>& strays,
                  const LabelSet& labels, std::set<std::string>& unknown) {
  std::int64_t looks = kMostLooks;
  const auto look_at = [&](const ClassFolder& folder) {
    if (image::may_hold_pictures(folder.folder, looks)) unknown.insert(folder.name());
  };
  for (const ClassFolder& stray : strays) look_at(stray);
  for (const ClassFolder& folder : folders) {
    if (!class_of(folder.called, labels)) look_at(folder);
  }
}

// The pictures of every class.
Listing list_pictures(const fs::path& path, const ClassFolderOptions& options) {
  const std::vector<ClassRoot> roots = class_roots(path);
  std::vector<ClassFolder> folders = class_folders(roots, options.names);
  std::vector<ClassFolder> strays = stray_folders(path, roots);
  Listing listing;
  LabelSet& labels = listing.found.labels = options.known;
  if (!options.own_classes) {
    find_unknown(folders, strays, labels, listing.unknown);
    if (options.unknown == UnknownClasses::error) check_folders(path, listing.unknown, options);
  }
  for (ClassFolder& folder : folders) {
    list(folder);
    if (options.met != nullptr && !folder.pictures.empty()) options.met->insert(folder.name());
  }
  for (ClassFolder& stray : strays) list(stray);
  if (options.own_classes) labels = own_classes(path, folders);
  for (ClassFolder& folder : folders) add_class(folder, labels, listing);
  for (const ClassFolder& stray : strays) add_stray(stray, listing);
  add_loose_files(path, roots, listing);
  return listing;
}

}  // namespace

FolderListing list_class_folders(const fs::path& path, const ClassFolderOptions& options,
                                 std::vector<std::string>& notes) {
  Listing listing = list_pictures(path, options);
  check_listing(path, listing, notes);
  return std::move(listing.found);
}

#endif

}  // namespace fer::data
