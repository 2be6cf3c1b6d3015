#include "fer/data/image_folder.h"

#include <ATen/Functions.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/option_error.h"
#include "fer/core/parallel.h"
#include "fer/core/random_access_file.h"
#include "fer/core/text.h"
#include "fer/data/image_store.h"
#include "fer/data/match_classes.h"
#include "fer/tensors/face_images.h"
#if FER_WITH_VISION
#include "fer/image/folder_files.h"
#include "fer/image/image.h"
#endif

namespace fer::data {

namespace fs = std::filesystem;

std::string describe_broken(const std::string& source, const Images& pictures,
                            const std::vector<std::int64_t>& broken) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(broken.size(), kShown); ++i) {
    shown.push_back(quote(pictures.name(broken[i]), 120));
  }
  std::string which = join(shown, ", ");
  if (broken.size() > kShown) which += " and " + std::to_string(broken.size() - kShown) + " more";
  const auto count = static_cast<std::int64_t>(broken.size());
  if (count == pictures.size()) {
    throw Error(source + ": none of its pictures can be read: " + which);
  }
  return source + ": skipped " + counted(count, "broken picture") + ": " + which;
}

at::Tensor other_rows(std::int64_t count, const std::vector<std::int64_t>& left_out) {
  at::Tensor kept = at::ones({count}, at::kBool);
  for (const std::int64_t row : left_out) kept.data_ptr<bool>()[row] = false;
  return kept.nonzero().squeeze(1);
}

bool is_image_folder(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

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

namespace {

constexpr std::size_t kMostPictures = 5'000'000;
constexpr std::int64_t kMostLooks = 20'000;  // for a picture in folders that are not classes

// There may be millions: a file's path is that of one of the folders, and its own name.
struct Picture {
  std::string name;  // as seen from the folder
  std::uint32_t folder;
  std::uint16_t label;
  Split split;
};

// A folder whose folders are classes.
struct ClassRoot {
  fs::path folder;
  Split split;
};

// A folder in such a one, and what lies in it and below.
struct ClassFolder {
  fs::path folder;
  Split split;
  std::string called;                      // its class: its own name, or what the options call it
  std::vector<std::string> pictures = {};  // as seen from the folder
  image::LeftOut left_out = {};

  std::string name() const { return folder.filename().string(); }
};

struct Listing {
  std::vector<Picture> pictures;
  std::vector<fs::path> folders;  // they lie in
  std::set<std::string> unknown;  // folders that are not classes and hold pictures
  std::size_t skipped = 0;        // pictures in them
  image::LeftOut left_out;        // everything else that is passed over

  fs::path path_of(const Picture& picture) const { return folders[picture.folder] / picture.name; }
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

// Not yet listed: they may be anybody's folders.
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
  if (listing.pictures.size() + folder.pictures.size() > kMostPictures) {
    throw Error(folder.folder.parent_path().string() + ": holds more than " +
                std::to_string(kMostPictures) + " pictures");
  }
  const auto number = static_cast<std::uint32_t>(listing.folders.size());
  listing.folders.push_back(folder.folder);
  for (std::string& picture : folder.pictures) {
    listing.pictures.push_back(
        {std::move(picture), number, static_cast<std::uint16_t>(label), folder.split});
  }
  folder.pictures.clear();
}

// Files that lie where only folders say what they show.
void list_loose_files(const fs::path& folder, image::LeftOut& left_out) {
  const std::vector<fs::path> pictures = image::list_folder(folder, {}, left_out);
  if (pictures.empty()) return;
  left_out.add(
      {"picture that lies in no folder of a class", "pictures that lie in no folder of a class"},
      pictures.front(), static_cast<std::int64_t>(pictures.size()));
}

// The first few names: a folder that is not a data set at all may hold thousands.
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

// What to do about folders that are not classes: numbered folders need names, and given names may
// be the mistake.
std::string advice_for(const std::set<std::string>& unknown, const FolderOptions& options) {
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
                   const FolderOptions& options) {
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

void check_listing(const fs::path& path, const LabelSet& labels, const Listing& listing,
                   std::vector<std::string>& notes) {
  if (!listing.unknown.empty()) {
    notes.push_back(path.string() + ": skipped " +
                    counted(static_cast<std::int64_t>(listing.skipped), "picture") +
                    (listing.unknown.size() == 1 ? " in a folder that is not a class: "
                                                 : " in folders that are not classes: ") +
                    quoted_list(listing.unknown));
  }
  const std::string left_out =
      listing.left_out.empty() ? "" : "left out: " + listing.left_out.text(path);
  if (listing.pictures.empty()) {
    throw Error(path.string() +
                ": holds no pictures in folders of classes; expected train|val|test/CLASS/*.png or "
                "CLASS/*.png with the classes " +
                join(labels.names(), ", ") + (left_out.empty() ? "" : "; " + left_out));
  }
  if (!left_out.empty()) notes.push_back(path.string() + ": " + left_out);
}

// Folders beside train and test that are not splits: their pictures would be missed without a word.
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
  } else {  // no picture lies in it
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

// Before they are listed: this may be no data set, but all of somebody's files.
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

// The pictures of every class; `labels` become one's own where the options want that.
Listing list_pictures(const fs::path& path, const FolderOptions& options, LabelSet& labels) {
  const std::vector<ClassRoot> roots = class_roots(path);
  std::vector<ClassFolder> folders = class_folders(roots, options.names);
  std::vector<ClassFolder> strays = stray_folders(path, roots);
  Listing listing;
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

bool is_stretched(std::int64_t width, std::int64_t height, const FaceFormat& to) {
  return width * to.height != height * to.width;
}

// Pictures that are decoded each time they are asked for.
class Pictures : public ImageStore {
 public:
  Pictures(fs::path root, Listing listing, const FolderOptions& options)
      : root_(std::move(root)),
        listing_(std::move(listing)),
        on_broken_(options.broken),
        faces_(options.faces) {
    broken_ = std::vector<std::atomic<bool>>(listing_.pictures.size());
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(listing_.pictures.size()); }
  void read(std::int64_t first, std::span<std::uint8_t> to) const override {
    for (std::size_t at = 0; at < to.size(); at += faces_.bytes(), ++first) {
      decode(first, to.subspan(at, faces_.bytes()));
    }
  }
  bool is_broken(std::int64_t row) const override {
    return broken_[static_cast<std::size_t>(row)].load();
  }
  std::string name(std::int64_t row) const override {
    return path_of(row).lexically_relative(root_).string();
  }
  // Of those that were decoded, how many had not the shape that they were scaled to.
  std::int64_t stretched() const { return stretched_; }
  fs::path path_of(std::int64_t row) const {
    return listing_.path_of(listing_.pictures[static_cast<std::size_t>(row)]);
  }
  void add_identity(Hasher& hasher) const override {
    hasher.add(text_of(faces_));
    for (std::int64_t row = 0; row < size(); ++row) {
      const std::string path = path_of(row).string();
      struct stat info {};
      ::stat(path.c_str(), &info);  // a file that is gone is told of when it is read
      hasher.add(file_identity(path, info));
    }
  }

 private:
  void decode(std::int64_t row, std::span<std::uint8_t> to) const {
    try {
      const auto picture = image::read_image(path_of(row));
      const std::vector<std::uint8_t> face = image::face_bytes(picture, faces_);
      if (is_stretched(picture.cols, picture.rows, faces_)) ++stretched_;
      std::copy(face.begin(), face.end(), to.begin());
    } catch (const Error&) {
      if (on_broken_ == BrokenImages::error) throw;
      std::fill(to.begin(), to.end(), std::uint8_t{0});
      broken_[static_cast<std::size_t>(row)] = true;
    }
  }

  fs::path root_;
  Listing listing_;
  BrokenImages on_broken_;
  FaceFormat faces_;
  mutable std::vector<std::atomic<bool>> broken_;
  mutable std::atomic<std::int64_t> stretched_ = 0;
};

// All but the images.
FaceSet described_set(const fs::path& path, const Listing& listing, const LabelSet& labels,
                      bool named) {
  FaceSet set;
  set.source = path.string();
  set.label_set = labels;
  const auto count = static_cast<std::int64_t>(listing.pictures.size());
  set.labels = at::empty({count}, at::kLong);
  set.splits = at::empty({count}, at::kByte);
  for (std::int64_t i = 0; i < count; ++i) {
    const Picture& picture = listing.pictures[static_cast<std::size_t>(i)];
    set.labels.data_ptr<std::int64_t>()[i] = picture.label;
    set.splits.data_ptr<std::uint8_t>()[i] = static_cast<std::uint8_t>(picture.split);
    if (named) set.names.push_back(listing.path_of(picture).string());
  }
  return set;
}

void note_stretched(const std::string& source, std::int64_t stretched, std::int64_t count,
                    std::vector<std::string>& notes) {
  if (stretched == 0) return;
  notes.push_back(source + ": " + grouped(stretched) + " of " + counted(count, "picture") +
                  (stretched == 1 ? " is not square, and is" : " are not square, and are") +
                  " stretched to a square");
}

// Decodes all of them; leaves out the broken pictures, and tells which.
void read_pictures(const Pictures& store, int threads, FaceSet& set,
                   std::vector<std::string>& notes) {
  const std::int64_t count = set.images.size();
  const at::Tensor levels = at::empty(tensors::sizes_of(set.images.format(), count), at::kByte);
  const Images pictures = set.images;
  parallel_for(count, threads, [&](std::int64_t i) { levels[i].copy_(pictures.row(i)); });
  set.images = levels;
  note_stretched(set.source, store.stretched(), count, notes);
  const std::vector<std::int64_t> broken = pictures.broken_rows(0, count);
  if (broken.empty()) return;
  notes.push_back(describe_broken(set.source, pictures, broken));
  set = set.select(other_rows(count, broken));
}

void note_other_size(const fs::path& path, const Listing& listing, const FaceFormat& faces,
                     std::vector<std::string>& notes) {
  try {
    const auto first = image::read_image(listing.path_of(listing.pictures.front()));
    if (first.cols == faces.width && first.rows == faces.height) return;
    notes.push_back(
        path.string() + ": pictures become " + text_of(faces) + " (the first has " +
        std::to_string(first.cols) + "x" + std::to_string(first.rows) + " pixels" +
        (is_stretched(first.cols, first.rows, faces) ? ", and is stretched); " : "); ") +
        option("image_size") + " and " + option("colour") + " choose otherwise");
  } catch (const Error&) {
    // A broken picture is told of when it is read.
  }
}

}  // namespace

FaceSet read_image_folder(const fs::path& path, const FolderOptions& options, int threads,
                          std::vector<std::string>& notes) {
  LabelSet labels = options.known;
  Listing listing = list_pictures(path, options, labels);
  check_listing(path, labels, listing, notes);
  if (options.faces_by_default) note_other_size(path, listing, options.faces, notes);
  FaceSet set = described_set(path, listing, labels, !options.when_asked);
  const auto pictures = std::make_shared<const Pictures>(path, std::move(listing), options);
  set.images = Images(pictures, options.faces);
  if (!options.when_asked) read_pictures(*pictures, threads, set, notes);
  return set;
}

#else

FaceSet read_image_folder(const fs::path& path, const FolderOptions&, int,
                          std::vector<std::string>&) {
  throw Error(path.string() + ": pictures cannot be read: this build has no OpenCV");
}

#endif

}  // namespace fer::data
