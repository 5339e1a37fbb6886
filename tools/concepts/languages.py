"""Which language a text is in: by script, else by function words. Plain functions on `re` alone, as in `measures`."""

from __future__ import annotations

import re

from .measures import frozen, lower_words

FUNCTION_WORDS = {
    "English": frozen(
        "the of and to in is that it was for on are with as his they at be this from have or had by not but "
        "what were we when your can said there an which their if will how an she do who its would i you he my "
        "me has been our them than then these could did about into more no some so up out just any after "
        "where most over also us don't"
    ),
    "French": frozen(
        "le la les des du de un une et est en que qui dans pour pas sur plus ne se ce il elle nous vous je "
        "sont au aux avec son sa ses par mais ou où cette ces être avoir fait été leur leurs très tout tous "
        "comme était sans mon ma mes d'un d'une c'est n'est j'ai qu'il qu'elle l'on aussi bien chez même donc "
        "alors"
    ),
    "German": frozen(
        "der die das und ist in den von zu mit sich des auf für nicht ein eine einen einem einer dem es im "
        "als auch an er sie wir ihr ich aus bei nach wird sind war hat haben wie oder aber noch nur so über "
        "vor zum zur durch wenn kann mein dein sein seine ihre uns mir dich mich sehr hier schon immer wieder "
        "gestern heute"
    ),
    "Spanish": frozen(
        "el la los las de del y que en un una es por con no se para su al lo como más pero sus le ya o este "
        "esta sí porque cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos "
        "uno les ni ese eso mi está están fue ser son tiene había era estos yo tú él ella nosotros ayer hoy"
    ),
    "Italian": frozen(
        "il lo la i gli le di del della dei delle e è che in un una per con non si da sono come più ma anche "
        "nel nella al alla su ha ho hanno questo questa quello o se ci mi ti era stato essere io tu lui lei "
        "noi molto tutto tutti quando dove perché degli dalla sul sulla uno suo sua ieri oggi"
    ),
    "Portuguese": frozen(
        "o a os as de do da dos das e que em um uma é para com não no na nos nas se por mais como mas foi ao "
        "ele ela seu sua ou ser quando muito há já está eu também só pelo pela até isso entre era depois sem "
        "mesmo aos ter seus quem me esse eles você são estão minha meu ontem hoje num numa"
    ),
    "Dutch": frozen(
        "de het een en van is in op te dat die voor met zijn niet aan er om ook als maar dan naar bij uit nog "
        "hij ze zij wij we ik je jij hebben heeft was werd worden door over wat deze dit geen kan meer of tot "
        "zo haar hun mijn onze wel waar veel gisteren vandaag"
    ),
    "Swedish": frozen(
        "och att det som en på är av för med den till inte om ett han hon de vi jag du var har men så från ut "
        "när upp sin sitt kan ska skulle eller man där här hade blev mycket också efter alla hur mig dig oss "
        "igår idag varje"
    ),
    "Danish": frozen(
        "og at det som en på er af for med den til ikke om et han hun de vi jeg du var har men så fra ud når "
        "op sin kan skal skulle eller man der her havde blev meget også efter alle hvor mig dig os hvad"
    ),
    "Norwegian": frozen(
        "og å det som en på er av for med den til ikke om et han hun de vi jeg du var har men så fra ut når "
        "opp sin kan skal skulle eller man der her hadde ble mye også etter alle hvor meg deg oss hva"
    ),
    "Polish": frozen(
        "i w na z do się nie to że jest o jak ale po od za przez dla tak już był była było być czy są co "
        "który która które tylko jego jej ich ten ta tego tym może bardzo ja ty on ona my wy mnie sobie przed "
        "nad pod wczoraj"
    ),
    "Czech": frozen(
        "a v na z do se ne to že je o jak ale po od za pro tak už byl byla bylo být jsou co který která které "
        "jen jeho její jejich ten ta tím může velmi já ty on ona my vy jsem jsme při jako nebo když si"
    ),
    "Turkish": frozen(
        "ve bir bu da de için ile çok ne o ben sen biz siz olarak gibi daha en kadar sonra ama var yok mi mı "
        "değil her ki olan oldu diye şey bana sana onu dün bugün"
    ),
    "Finnish": frozen(
        "ja on ei se että oli hän mutta en ovat joka mitä niin kuin kun myös ole minä sinä me te he tämä sen "
        "sitä vain jo nyt hyvin olen olla ollut vielä tai eikä"
    ),
    "Romanian": frozen(
        "și de la în a cu nu pe un o care este ce din mai pentru că se dar au fost sunt după lui ei noi voi "
        "eu tu această acest fi avea foarte când sau am"
    ),
    "Hungarian": frozen(
        "a az és hogy nem is egy van volt ez de meg csak már ki mint még azt ha én te ő mi ti ők nagyon vagy "
        "lesz amely után minden itt ott"
    ),
    "Indonesian": frozen(
        "yang dan di dari ini itu untuk dengan tidak pada adalah dalam akan ke saya kami mereka dia ada bisa "
        "sudah juga oleh karena atau kita anda telah lebih"
    ),
    "Latin": frozen(
        "et in est non ad cum ut sed qui quae quod ex si aut nec per atque sunt esse de enim hoc autem ab eius quam"
    ),
}
"""Common words of languages written in Latin letters."""
LETTERS = {
    "French": "çœêèàùîô",
    "German": "ßäöü",
    "Spanish": "ñ¿¡áéíóú",
    "Italian": "àèìòù",
    "Portuguese": "ãõçáêâ",
    "Swedish": "åäö",
    "Danish": "åæø",
    "Norwegian": "åæø",
    "Polish": "łżźćśńąęó",
    "Czech": "řůěščžý",
    "Turkish": "şğıçöü",
    "Finnish": "äö",
    "Romanian": "ăâîșț",
    "Hungarian": "őűáéóöü",
}
"""Letters that speak for a language; few of them alone decide nothing."""
SCRIPTS = {
    "Russian": "[а-яё]",
    "Ukrainian": "[іїєґ]",
    "Greek": "[α-ωά-ώ]",
    "Arabic": "[\u0620-\u064a]",
    "Persian": "[پچژگ]",
    "Hebrew": "[א-ת]",
    "Chinese": "[\u4e00-\u9fff]",
    "Japanese": "[\u3040-\u30ff]",
    "Korean": "[\uac00-\ud7af]",
    "Hindi": "[\u0900-\u097f]",
    "Thai": "[\u0e00-\u0e7f]",
    "Bengali": "[\u0980-\u09ff]",
    "Tamil": "[\u0b80-\u0bff]",
    "Georgian": "[\u10a0-\u10ff]",
    "Armenian": "[\u0530-\u058f]",
}
"""Languages known by their script."""
PLAIN = "plain letters"
"""Among the evidence: whether there are words, in letters of ASCII alone."""
INSIDE = {"Ukrainian": "Russian", "Persian": "Arabic", "Japanese": "Chinese"}
"""Scripts that hold all of another's letters, and some of their own."""


def evidence(text: str) -> dict[str, float]:
    """How much speaks for each language: the share of letters in its script, or of words that are its own."""
    letters = max(1, sum(letter.isalpha() for letter in text))
    found = {name: len(re.findall(script, text.lower())) / letters for name, script in SCRIPTS.items()}
    for special, general in INSIDE.items():
        if found[special] > 0.02:
            found[special], found[general] = found[general] + found[special], 0.0
    known = lower_words(text)
    for name, listed in FUNCTION_WORDS.items():
        share = len([w for w in known if w in listed]) / max(1, len(known))
        marks = len([c for c in text.lower() if c in LETTERS.get(name, "")]) / letters
        found[name] = share + min(0.3, 3 * marks)
    found[PLAIN] = float(text.isascii() and bool(known))
    return found


def language(found: dict[str, float], name: str) -> float:
    """How far the `evidence` speaks for the language `name`: what speaks for it beside what does for the best other."""
    other = max(value for key, value in found.items() if key not in (name, PLAIN))
    own = found[name]
    if name == "English" and own + other < 0.05 and found[PLAIN] > 0:
        return 0.6
    return own**2 / (own**2 + other**2) if own > 0 else 0.0
