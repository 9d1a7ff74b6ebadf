"""First names and family names that are told from other words by themselves; written down for this library.

Names that are words too (Rose, Mark, Sommer, Koch) are not among them: they are found by what stands before them.
"""

from __future__ import annotations

FIRST_NAMES = frozenset(
    """
    aaron abdul abdullah achim ada adam adele adelheid adolf adrian agathe agnes ahmad ahmed aisha albert albrecht
    alena alessandro alessia alex alexa alexander alexandra alexej alexia alfons alfred ali alice alicia alina alisa
    aljoscha alma alois alwin alwine amalia amanda amelia amelie amina amir amira amy ana anastasia anatoli andre
    andrea andreas andrej andrzej andré anette angela angelika angelina angelo anita anja anke anna annalena anne
    annegret annelie anneliese annemarie annette annika annkathrin anselm antje anton antonia antonio apollonia
    ariane arif armin arne arno arnold arthur artur asli aslı astrid asya august auguste axel ayla aylin ayse ayşe
    babsi barbara bastian beata beate beatrice beatrix ben ben-luca benedikt benjamin benno bernd bernhard bert
    berta berthold bettina bianca bilal bine birger birgit birgitta björn bodo bogdan boris brigitta brigitte britta
    bruno burak burkhard bärbel can carina carl carla carlo carlos carmen carola carolin carolina caroline carsten
    caterina cem chantal charlotte chiara christa christel christian christiane christin christina christine
    christof christoph christopher cindy clara claudia claus clemens conny constanze cora cordula corinna cornelia
    cristina cäcilia dagmar dajana dalia dana daniel daniela danny danuta darius david denis denise deniz dennis
    derya detlef diana diego dieter dietmar dietrich dilara dilek dimitri dina dirk dmitri dominic dominik dora
    doreen dorian dorina doris dorota dorothea dorothee eberhard eckhard eda edda edeltraud edgar edith edmund
    eduard edwin efe egon eike ekkehard ekrem elena eleni elfriede eliana elias elif elina elisa elisabeth elke ella
    ella-marie ellen elli elmar elsa elvira elvis emil emilia emily emine emir emma emre engin enno enrico enya
    erdal erhan erhard eric erich erik erika erna erwin esma esra esther etta eugen eva evelin evelyn evi ewa ewald
    fabian fabienne fabio fadi fadime falk fanny fatih fatima fatma fee felicitas felix felizitas fenja feodora
    ferdinand filip finn fiona florian francesca francesco franco franka franz franziska frauke fred fredi frida
    frieda friederike friedhelm friedrich fritz gabi gabriel gabriela gabriele galina georg gerald gerd gerda
    gerhard gerlinde gernot gerta gertraud gertraude gertrud gesa gesine gian giovanni gisbert gisela gitti giulia
    giuseppe gottfried gottlieb greta greta-sofie gudrun guido gunter gunther gustav gözde gülcan günter günther
    hakan halina hamza hanna hannah hannelore hannes hans hansi hansjörg harald hartmut hasan hassan hatice hauke
    hedwig heidemarie heidi heike heiko heiner heini heinrich heinz helen helena helene helga hella helmut helmuth
    hendrik henning henriette henrik henry herbert hermann hermine herta hilde hildegard hiltraud hiltrud holger
    horst horsti hubert hugo husein hülya hüseyin ibrahim ida ignaz igor ikram ilka ilona ilse imke ines inga inge
    ingeborg ingo ingrid inka irina iris irma irmgard isa isabel isabell isabella isabelle ismail isolde ivan ivana
    iwan jacek jacqueline jakob jan jana janina janine jannik jannis jaqueline jaron jaroslaw jasper jean jelena
    jens jeremias jerzy jessica jette joachim joanna jochen joel johann johanna johannes john jolanta jonas jonathan
    jorge jorn josef josefa josefine joseph josip jost josua joy judith jule julia julian juliane julien julius june
    jupp justin justus jutta jörg jürgen kalle kamil karen karim karin karina karl karla karlheinz karolin karolina
    karoline karsten kasimir katarina katarzyna katharina kathleen kathrin katja katrin kemal kenan kerstin kevin
    khaled kilian kim kimberly kira kirsten klaas klara klaudia klaus knut konrad konstantin kornelia krystyna
    krzysztof kuno kurt käte käthe käthi ladislaus lara larissa lars lasse laura lea leah leandro leif leila lena
    leni lennart leo leon leonard leonie leopold levi levin leyla lia liam lias lidia liesbeth liesel lieselotte
    liliana lilli lilly lilo lina linda linn linus lisa lisbeth liselotte lisl livia loreen lorena lorenz lothar
    lotta lotte lou louis louisa luca lucas lucia lucie lucy ludger ludwig luis luisa luise luka lukas luna lutz
    lutzi lydia lynn maciej mael magda magdalena magnus mahmoud maik maike mailin maja malena malgorzata malia malte
    malwina mandy manfred manja manni manuel manuela marc marcel marco marcus marek maren margareta margarete
    margarethe margit margot margret maria marianne marie mariella marija marika marina mario marion marius markus
    marlen marlene marlies marlis marta marta-maria martha martin martina marvin mateusz mathias mathilde mathis
    mats matteo matthias matthäus mattis maurice mausi max maximilian maya małgorzata mehmet melanie melek melike
    melina melissa merle merve meryem meta mia michael michaela michail michał michel mieke mika mila milan milena
    milo minna mira miriam mirjam mirko miroslav mohamad mohamed mohammad mohammed mona moni monika moritz muhammad
    muhammed murat mustafa nabil nadia nadine nadja naomi nasrin natalia natalie natascha neele nele nelli nesrin
    nevin nicki nicklas nico nicola nicolas nicole niels nikita niklas nikolai nikolaus nils nina ninette noah noel
    nora norbert nour nuray nurcan nuri nuria oksana olaf ole oleg oleksandr olena olga oliver olivia omar orhan
    ortrud ortwin oskar osman ossi oswald othmar ottilie otto ottokar palina pascal patricia patrick patrizia paul
    paula pauli pauline paulus pavel pawel paweł pedro peer peter petra phil philine philip philipp philippa pia
    pierre piotr pius quentin radu rafael raffael rahel raik raimund rainer ralf ralph ramona rana raoul raphael
    rasmus rebecca rebecka rebekka regina regine reiner reinhard reinhilde reinhold remo renate renato rené ria
    ricarda riccardo richard rieke rita robert roberto robin roland rolf rolfi roman romy ronald ronja ronny rosalie
    rosalinde rosamunde rosel rosemarie rosi roswitha ruben rudi rudolf rukiye rupert ruth rüdiger sabine sabrina
    sabsi sahra said salih salma salome sami samir samira samuel samuele sandra sandro sanne sara sarah sascha
    saskia sebastian selin selina selma senta sepp serap sergej serhat serkan sevim sibylle siegfried sieglinde
    siegmund sigmar sigrid sigurd sila silas silke silvia silvio simon simona simone sina sinan sinja sofia sofie
    solveig songül sonja sophia sophia-marie sophie stanislaw stefan stefania stefanie steffen steffi stella stephan
    stephanie sunna susann susanna susanne suse susi svea sven svenja svetlana swantje swetlana sybille sylvia
    sylvie sören tabea tamara tanja tarek tarik taro tatiana tatjana tessa tetiana thea thekla theo theodor theodora
    theresa therese theresia thies thilo thomas thorben thorsten tilda till tilman tim timo tina tjark tobias tom
    tomas tomasz tomke toni torben torsten traudel traudi traudl traute tristan trude tuana tuğba udo ulf uli ulla
    ulrich ulrike urs ursel ursula uschi ute uwe valentin valentina valeria valerie vanessa vasil vasili vera
    vera-maria verena veronika viktor viktoria vincent viola violetta vitali vitus viviane vladimir volker volkmar
    volodymyr walburga waldemar walther waltraud wanda wenke wenzel werner wibke wiebke wieland wilfried wilhelm
    wilhelmine willi willy wilma winfried winfriede wladimir wojciech wolf-dieter wolfgang wolfram wolle xaver
    yannick yannik yara yaren yasemin yasin yasmin yevgen ylva youssef yuliia yuri yusuf yvonne zainab zarah zehra
    zeynep zoe zofia zoë zuzanna ömer özlem ümit
    """.split()  # noqa: SIM905 - a list of a thousand strings is not easier to read
)
FAMILY_NAMES = frozenset(
    """
    ackermann ahrens albers albrecht altmann appel arndt arslan aslan aydin aydın bachmann bartels barth bartsch
    bauermann baumann baumgärtner becker beckmann behrendt behrens berger bergmann bernhardt bode bormann bosse
    brandt braune breuer brinkmann brockmann bruns brüggemann burmeister busch böhm böhme böttcher bühler celik
    christ christiansen claußen dahlmann decker demir diederich dietz dittrich dogan doğan dreyer döring ebert
    eckert ehlers eichhorn eisele engelhardt erdmann ernstberger ewert fiedler fleischmann freese friedmann fröhlich
    fuhrmann förster gebhardt geiger gerlach giese goldmann grabowski graßmann gruber göbel götz günes güneş haas
    haase hagemann hammerschmidt hansen harms hartmann hauser heinemann heinrichs heinze hempel henkel hennig
    hentschel herrmann herzog hesse heuer hinrichs hoffmann hofmann horstmann huber hübner jacobs jahnke jansen
    janssen janßen jensen jäckel jürgens kaczmarek kaiser kaluza kaminski kaplan karaca kaufmann kaya keller kern
    kessler kiefer kiesel kirchner klausen kleinert klose kluge kohlmann konrad kowalski koç kramer kraus krause
    krauß krebs kruse krämer kröger krüger kuhn kunze köhler könig kühn lange lehmann lenz liebermann lindemann
    lindner lohmann lorenz ludwig lutz löffler lüders mahler maier marquardt martens marx matthes maurer mayer mayr
    meier meißner menzel mertens metzger meyer michels mielke mohr morgenstern moser möller müller neubauer neumann
    nguyen niemann noack nowak oberländer oppermann orlowski ortmann ozturk paulsen pavlenko peters petersen
    pfeiffer pham pohl polat popescu popp preuß probst raabe rademacher radtke reimann reimers reinhardt renner
    reuter richter riedel rohde rose-müller rudolph runge rupp sahin sander sauer scheffler schenk scherer schiller
    schlegel schlüter schmid schmidt schmitt schmitz scholz schomburg schrader schreiber schröder schröter schubert
    schuhmacher schulte schultz schulz schulze schumacher schumann schuster schwarz schweizer schäfer schönfeld
    schütte seidel seifert siebert simonis singer sommerfeld specht stahlmann stein steinbach steinmann stephan
    stolz strauß tiedemann timm tran ullrich unger urban vogt voigt volkmann völker wagner walter walther weber
    wegener wegner weidner weigel wendt werner westphal wieczorek wiese wilke winkler winter wirtz witte wittmann
    wolff wulf yavuz yildirim yildiz yilmaz yıldırım yıldız yılmaz zander ziegler zimmermann zöller çelik özdemir
    öztürk şahin
    """.split()  # noqa: SIM905
) - {"herzog", "kaiser", "könig", "schreiber", "schuster", "förster", "winter", "stolz", "stein", "keller", "sauer"}
