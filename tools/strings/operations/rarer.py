"""Rarer functions of the library, told and measured as those of `vocabulary.py` are, which hands them on."""

from __future__ import annotations

from .expressions import Word
from .functions import choices, pieces, shapes, words

# Words between spaces -----------------------------------------------------------------------------------------------
SIMPLE_PIG_LATIN = Word(
    words.first_letter_to_end_but_vowels,
    "moves each word's first character to its end and adds {after_consonant}, "
    "or only adds {after_vowel} where the first character is a vowel",
    7,
)
SORT_WORDS_DOWN = Word(words.sort_words_down, "sorts the words in descending order", 5.5)
SORT_WORDS_BY_LENGTH_DOWN = Word(words.sort_words_by_length_down, "sorts the words by length, the longest first", 6)
SWAP_WORDS_TIDILY = Word(
    words.swap_first_and_last_word_tidily,
    "swaps the first and the last word and leaves single spaces, where there are two words or more",
    6,
)
SWAP_FIRST_WORDS = Word(words.swap_first_two_words, "swaps the first two words, where there are two or more", 6)
SWAP_INITIALS = Word(words.swap_initials, "swaps the first characters of the first two words", 6)
UPPER_EVERY_SECOND_WORD = Word(
    words.upper_every_second_word, "turns every second word from the {start:nth} on into capitals", 6
)
REVERSE_EVERY_SECOND_WORD = Word(
    words.reverse_every_second_word, "reverses every second word from the {start:nth} on", 6
)
NUMERONYMS = Word(
    words.numeronyms,
    "writes every word of four characters or more as its first character, the number of characters left out and its "
    "last character",
    6,
)
CAMEL_CASE = Word(words.camel_case, "joins the words, all but the first one capitalized and all else small", 6)
PASCAL_CASE = Word(words.pascal_case, "joins the words, each one capitalized and all else small", 6)
JOIN_SMALL_WORDS = Word(
    words.join_small_words, "turns the words into small letters and joins them with {between} between them", 6
)
JOIN_CAPITAL_WORDS = Word(
    words.join_capital_words, "turns the words into capitals and joins them with {between} between them", 7
)
CAPITAL_INITIALS = Word(
    words.capital_initials, "keeps the first character of each word, as a capital, with {after} after it", 5.5
)
INITIALS_AFTER = Word(words.initials_after, "keeps the first character of each word, with {after} after it", 6)
CAPITAL_INITIALS_WITH = Word(
    words.capital_initials_with, "keeps the first character of each word, as a capital, with {between} between them", 6
)
INITIALS_WITH = Word(words.initials_with, "keeps the first character of each word, with {between} between them", 6)
WORDS_FROM = Word(words.words_from, "keeps the words {start:from} {stop:to}", 4.5)
LONG_WORDS = Word(words.long_words, "keeps only the words of at least {least:many}", 5)
SHORT_WORDS = Word(words.short_words, "keeps only the words of at most {most:many}", 5)

# Other shapes --------------------------------------------------------------------------------------------------------
INTERLEAVE = Word(
    shapes.interleave_halves, "interleaves the halves of {text}, a middle character going with the first", 5.5
)
INTERLEAVE_SHORTER = Word(
    shapes.interleave_halves_shorter_first, "interleaves the halves of {text}, a middle character coming last", 6.5
)
INTERLEAVE_SECOND = Word(
    shapes.interleave_halves_second_first, "interleaves the halves of {text}, beginning with the second", 6.5
)
OUTSIDE_IN = Word(
    shapes.outside_in, "takes characters from the start and the end in turn: the first, the last, the second, ...", 5.5
)
OUTSIDE_IN_FROM_END = Word(
    shapes.outside_in_from_end, "takes characters from the end and the start in turn: the last, the first, ...", 6.5
)
DOUBLE_FIRST_HALF = Word(shapes.double_first_half, "writes the first half twice", 5)
DOUBLE_LONGER_FIRST_HALF = Word(
    shapes.double_longer_first_half, "writes the first half, with the middle character, twice", 6
)
DOUBLE_SECOND_HALF = Word(shapes.double_second_half, "writes the second half twice", 6)
DOUBLE_LONGER_SECOND_HALF = Word(
    shapes.double_longer_second_half, "writes the second half, with the middle character, twice", 5
)
MIRROR_IMAGE_WITH = Word(shapes.mirror_image_with, "appends {between} and the mirror image of {text}", 5.5)
MIRROR_IMAGE_FIRST_WITH = Word(
    shapes.mirror_image_first_with, "puts the mirror image of {text} and {between} in front", 6
)
STAIRCASE = Word(
    shapes.staircase, "writes the first character, the first two, and so on to all, with {between} between", 6
)
FALLING_STAIRCASE = Word(
    shapes.falling_staircase, "writes the text from each of its characters to the end, with {between} between", 7
)
REPEAT_BY_POSITION_WITH = Word(
    shapes.repeat_by_position_with,
    "writes the first character once, the second twice, and so on, with {between} between",
    6.5,
)
BOTH_ENDS_WITH = Word(
    shapes.both_ends_with, "joins the first {count:many} and as many at the end with {between} between", 5.5
)
CODE_POINTS = Word(shapes.code_points, "writes the code points of the characters with {between} between", 6)
PUT_AROUND = Word(shapes.put_around, "puts {before} in front and {after} at the end", 3.5)
APPEND_NUMBER = Word(shapes.append_number, "appends {number:counted}", 4)
PREPEND_NUMBER = Word(shapes.prepend_number, "puts {number:counted} in front", 4.5)
CUT_OFF = Word(
    shapes.cut_off, "of a text of more than {most:many}, keeps the first {count:number} and appends {ending}", 4.5
)
PAD_BOTH = Word(shapes.pad_both, "fills both ends with {filling} up to {width} characters", 6)
BEFORE_FIRST = Word(shapes.before_first, "keeps what stands before the first {mark}", 4)
AFTER_FIRST_MARK = Word(
    shapes.after_first_mark, "keeps what stands after the first {mark}, or everything where there is none", 4.5
)
BEFORE_LAST_MARK = Word(
    shapes.before_last_mark, "keeps what stands before the last {mark}, or everything where there is none", 5
)
AFTER_LAST = Word(shapes.after_last, "keeps what stands after the last {mark}", 4.5)
AFTER_FIRST_OR_NOTHING = Word(
    shapes.after_first_or_nothing, "keeps what stands after the first {mark}, or nothing where there is none", 5.5
)
BEFORE_FIRST_OR_NOTHING = Word(
    shapes.before_first_or_nothing, "keeps what stands before the first {mark}, or nothing where there is none", 5.5
)
COUNT_RUNS_NUMBER_FIRST = Word(
    shapes.count_runs_number_first, "writes each run of equal characters as its number and the character", 6
)
COUNT_LONG_RUNS = Word(
    shapes.count_long_runs, "writes each run of two or more equal characters as the character and its number", 6.5
)
COUNT_LONG_RUNS_NUMBER_FIRST = Word(
    shapes.count_long_runs_number_first,
    "writes each run of two or more equal characters as its number and the character",
    7,
)
SPELL_DIGITS_BETWEEN = Word(
    shapes.spell_digits_between, "replaces every digit with {before}, its English word, and {after}", 6
)
SHIFT_BY_KEYWORD = Word(
    shapes.shift_by_keyword,
    "moves the letters in the alphabet by the distances from a of the letters of {key}, over and over",
    6,
)
SHIFT_BY_KEYWORD_EVERYWHERE = Word(
    shapes.shift_by_keyword_at_every_place,
    "moves the letters in the alphabet by the distances from a of the letters of {key}, over and over, other "
    "characters counted too",
    7,
)
PLACE_IN_DIGITS = Word(
    shapes.place_in_digits,
    "gives the alphabet position of the {index:nth} character in digits, where there is such a character",
    5,
)
PLACE_IN_WORDS = Word(
    shapes.place_in_words,
    "gives the alphabet position of the {index:nth} character as an English word, where there is such a character",
    5,
)
SIGNATURE = Word(
    shapes.signature, "replaces capitals with {capital}, small letters with {small}, and digits with {digit}", 5
)
MOVE_DIGITS = Word(shapes.move_digits, "moves every digit {places:shift}, 9 being followed by 0", 5)
NEXT_KEYS = Word(shapes.next_keys, "moves every letter {places:shift} on its row of the keyboard", 6)
NEXT_KEYS_OF_SMALL = Word(
    shapes.next_keys_of_small_letters, "moves every small letter {places:shift} on its row of the keyboard", 6.5
)
NEXT_VOWELS = Word(shapes.next_vowels, "moves every vowel {places:shift} among the vowels", 6)
KEEP_COMMONEST = Word(pieces.commonest_character, "keeps only the commonest character, the first of several", 5.5)
SORT_IGNORING_CASE_DOWN = Word(
    shapes.sort_ignoring_case_down, "sorts the characters in descending order, capitals and small letters alike", 6
)
KEEP_HIGHEST = Word(pieces.highest_character, "keeps only the character with the highest code point", 6.5)
KEEP_LOWEST = Word(pieces.lowest_character, "keeps only the character with the lowest code point", 6.5)

# One of two texts ----------------------------------------------------------------------------------------------------
CHOOSE = Word(choices.choose, "gives {yes} where {condition}, and {no} otherwise", 3)
IS_EVEN = Word(choices.is_even, "{number} is even", 4.5)
IS_AT_LEAST = Word(choices.is_at_least, "{number} is at least {least}", 0.5)
DIVIDES = Word(choices.divides, "{number} is a multiple of {divisor}", 3)
IS_PALINDROME = Word(choices.is_palindrome, "{text} reads the same backward", 3)
IS_PALINDROME_IGNORING = Word(
    choices.is_palindrome_ignoring_case, "{text} reads the same backward, capitals and small letters alike", 4
)
BEGINS_WITH_VOWEL = Word(choices.begins_with_vowel, "{text} begins with a vowel", 3)
ENDS_WITH_VOWEL = Word(choices.ends_with_vowel, "{text} ends with a vowel", 3.5)
IS_SMALL = Word(choices.is_small, "{text} has no capitals", 3)
IS_CAPITAL = Word(choices.is_capital, "{text} has no small letters", 3)
BEGINS_WITH_CAPITAL = Word(choices.begins_with_capital, "{text} begins with a capital", 3)
HAS_ONLY_LETTERS = Word(choices.has_only_letters, "{text} has letters and nothing else", 3)
HAS_ONLY_DIGITS = Word(choices.has_only_digits, "{text} has digits and nothing else", 3.5)
HAS_ONLY_LETTERS_AND_DIGITS = Word(
    choices.has_only_letters_and_digits, "{text} has letters and digits and nothing else", 4
)
IS_SORTED = Word(choices.is_sorted, "the characters of {text} are in order", 4)
BEGINS_AS_IT_ENDS = Word(choices.begins_as_it_ends, "{text} begins and ends with the same character", 3.5)
CONTAINS = Word(choices.contains, "{text} contains {piece}", 2.5)
BEGINS_WITH = Word(choices.begins_with, "{text} begins with {piece}", 3)
ENDS_WITH = Word(choices.ends_with, "{text} ends with {piece}", 3)

MORE_PLAIN = (
    INTERLEAVE, INTERLEAVE_SHORTER, INTERLEAVE_SECOND, OUTSIDE_IN, OUTSIDE_IN_FROM_END, DOUBLE_FIRST_HALF,
    DOUBLE_LONGER_FIRST_HALF, DOUBLE_SECOND_HALF, DOUBLE_LONGER_SECOND_HALF, COUNT_RUNS_NUMBER_FIRST, COUNT_LONG_RUNS,
    COUNT_LONG_RUNS_NUMBER_FIRST, KEEP_COMMONEST, KEEP_HIGHEST, KEEP_LOWEST, SORT_WORDS_DOWN,
    SORT_WORDS_BY_LENGTH_DOWN, SWAP_WORDS_TIDILY, SWAP_FIRST_WORDS, SWAP_INITIALS, NUMERONYMS, CAMEL_CASE, PASCAL_CASE,
    SORT_IGNORING_CASE_DOWN,
)  # fmt: skip
"""Rarer steps without parameters."""
